// @vitest-environment jsdom
import { describe, expect, it } from "vitest";
import { HOTKEYS } from "~/viewer/hotkeys";
import { REASONS } from "./api";
import { CANNOT_TELL, readCommandOf, REASON_KEYS } from "./readKeys";

const press = (key: string, held: Partial<Record<"ctrlKey" | "altKey" | "metaKey", boolean>> = {}) => ({
  key,
  ctrlKey: false,
  altKey: false,
  metaKey: false,
  ...held,
});

describe("the keys of a read", () => {
  it("are 1 to 5 for S0 to S4 and 6 where it cannot be told", () => {
    expect(["1", "5", "6", "7"].map((key) => readCommandOf(press(key), "stage"))).toEqual([
      { kind: "stage", stage: 0 },
      { kind: "stage", stage: 4 },
      { kind: "stage", stage: CANNOT_TELL },
      null,
    ]);
  });

  it("are 1 to 3 for the quality, and letters for the reasons", () => {
    expect(readCommandOf(press("3"), "quality")).toEqual({ kind: "quality", quality: "unacceptable" });
    expect(readCommandOf(press("4"), "quality")).toBeNull();
    expect(readCommandOf(press("B"), "quality")).toEqual({ kind: "reason", reason: "blur" });
    expect(readCommandOf(press("b"), "stage")).toBeNull();
  });

  it("leave the browser's and the viewer's keys alone", () => {
    expect(readCommandOf(press("1", { ctrlKey: true }), "stage")).toBeNull();
    const viewer = new Set(HOTKEYS.flatMap((hotkey) => hotkey.keys));
    const ours = ["1", "2", "3", "4", "5", "6", "Enter", "n", ...REASONS.map((reason) => REASON_KEYS[reason])];
    expect(ours.filter((key) => viewer.has(key))).toEqual([]);
    expect(new Set(ours).size).toBe(ours.length);
  });
});
