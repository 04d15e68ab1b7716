import { describe, expect, it } from "vitest";
import { asked, otherHalf, PLAIN, type Variant, variantsOf } from "./design";

describe("the design of an experiment", () => {
  it("is one of four ways to divide the patients", () => {
    expect(asked({ ...PLAIN, repeats: 4 })).toMatchObject({ folds: 1, repeats: 1, leave_one_site_out: false, external: null });
    expect(asked({ ...PLAIN, kind: "5", repeats: 4 })).toMatchObject({ folds: 5, repeats: 4 });
    expect(asked({ ...PLAIN, kind: "sites", repeats: 4 })).toMatchObject({ folds: 1, repeats: 1, leave_one_site_out: true });
    expect(asked({ ...PLAIN, kind: "external", external: "e", beside: "x" })).toMatchObject({ external: "e", beside: null });
    expect(asked({ ...PLAIN, kind: "5", external: "e" }).external).toBeNull();
  });

  it("knows repeats alone under the paper's protocol", () => {
    for (const kind of ["5", "sites", "external"]) {
      expect(asked({ ...PLAIN, kind, external: "e", repeats: 3, protocol: "paper" })).toMatchObject({
        folds: 1,
        repeats: 3,
        leave_one_site_out: false,
        external: null,
      });
    }
  });

  it("has variants of the paper's own networks only, and no attention where images are divided", () => {
    const both: Variant[] = ["ordinal", "attention"];
    expect(variantsOf("fusion", both, "strict")).toEqual(both);
    expect(variantsOf("hf", both, "paper")).toEqual(["ordinal"]);
    expect(variantsOf("vgg", both, "strict")).toEqual([]);
    expect(variantsOf("lf", [], "strict")).toEqual([]);
  });

  it("of the other half is under the other protocol", () => {
    expect(otherHalf({ id: "a", protocol: "strict" })).toEqual({ protocol: "paper", beside: "a" });
    expect(otherHalf({ id: "a", protocol: "paper" })).toEqual({ protocol: "strict", beside: "a" });
  });
});
