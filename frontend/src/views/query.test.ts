import { describe, expect, it } from "vitest";
import { filtersOf, isOpen } from "./query";

describe("a saved view", () => {
  it("is open whatever the order of the filters and wherever one is in the list", () => {
    expect(isOpen({ query: "site=A&stage=S4" }, "?stage=S4&cursor=abc&site=A")).toBe(true);
    expect(isOpen({ query: "stage=S4" }, "?stage=S3")).toBe(false);
    expect(isOpen({ query: "" }, "?cursor=abc")).toBe(true);
  });

  it("keeps signs that mean something in an address", () => {
    expect(filtersOf("?search=a%26b%20%E8%82%9D")).toBe("search=a%26b+%E8%82%9D");
  });
});
