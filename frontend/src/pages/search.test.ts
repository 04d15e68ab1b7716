import { describe, expect, it } from "vitest";
import { auditSearch, compareSearch, jobsSearch, readSearch, signInSearch, worklistQuery, worklistSearch, writeSearch } from "./search";

describe("filters in the URL", () => {
  it("come back as they went", () => {
    const search = worklistSearch({ site: "DEMO", stage: "S3", staged: "no", pair: "yes", search: "a b&c", review: "waiting", cursor: "x=" });
    expect(worklistSearch(readSearch(writeSearch({ ...search })))).toEqual(search);
  });

  it("stay plain strings: a pseudonym of digits is not a number", () => {
    expect(writeSearch({ search: "00123" })).toBe("?search=00123");
    expect(worklistSearch(readSearch("?search=00123")).search).toBe("00123");
  });

  it("leave out what is not set", () => {
    expect(writeSearch({ ...worklistSearch({}) })).toBe("");
  });

  it("ignore what is not an option", () => {
    expect(worklistSearch({ stage: "S9", staged: "maybe", search: "  " })).toEqual({
      site: undefined,
      stage: undefined,
      staged: undefined,
      pair: undefined,
      search: undefined,
      review: undefined,
      cursor: undefined,
    });
    expect(jobsSearch({ state: "gone" }).state).toBeUndefined();
    expect(auditSearch({ actor: 5 }).actor).toBeUndefined();
  });

  it("ask the API for the stage by its number", () => {
    expect(worklistQuery(worklistSearch({ stage: "S0", pair: "no" }))).toMatchObject({ stage: 0, has_pair: "no" });
  });

  it("keep the runs of a comparison in order, each once", () => {
    expect(compareSearch({ ids: "b,a,,b" }).ids).toEqual(["b", "a"]);
    expect(compareSearch(readSearch(writeSearch({ ids: ["b", "a"] }))).ids).toEqual(["b", "a"]);
  });

  it.each([
    ["/runs?x=1", "/runs?x=1"],
    ["//evil.example", undefined],
    ["/\\evil.example", undefined],
    ["https://evil.example", undefined],
  ])("lead after signing in to %s only inside the app", (next, expected) => {
    expect(signInSearch({ next }).next).toBe(expected);
  });
});
