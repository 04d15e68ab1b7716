import { describe, expect, it } from "vitest";
import type { Me, Role } from "~/api/types";
import { navigationFor } from "./navigation";

const me = (role: Role, permissions: string[]) => ({ role, permissions }) as Me;

describe("the side bar", () => {
  it("shows what the permission table lets in, whatever the role is called", () => {
    const keys = navigationFor(me("clinician", ["uploads.create", "exams.list"])).map((item) => item.key);
    expect(keys).toEqual(["home", "upload", "worklist"]);
  });

  it("shows jobs to those who look after them", () => {
    const shows = (role: Role) => navigationFor(me(role, [])).some((item) => item.key === "jobs");
    expect([shows("clinician"), shows("annotator"), shows("researcher"), shows("administrator")]).toEqual([
      false,
      false,
      true,
      true,
    ]);
  });
});
