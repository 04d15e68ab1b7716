import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { decided, type Judgement, missing, REASONS } from "./judgement";

const agreed: Judgement = { decision: "agree", stage: "S2", reasons: [], note: "" };

describe("a judgement", () => {
  it("that agrees lacks nothing", () => {
    expect(missing(agreed, "S2")).toBeNull();
  });

  it("that changes the stage needs another stage, a reason, and a note where the reason is other", () => {
    const changed = decided(agreed, "change", "S2");
    expect(changed.stage).toBeNull();
    expect(missing(changed, "S2")).toBe("stage");
    expect(missing({ ...changed, stage: "S2" }, "S2")).toBe("stage");
    expect(missing({ ...changed, stage: "S3" }, "S2")).toBe("reasons");
    expect(missing({ ...changed, stage: "S3", reasons: ["other"], note: "  " }, "S2")).toBe("note");
    expect(missing({ ...changed, stage: "S3", reasons: ["other"], note: "x" }, "S2")).toBeNull();
  });

  it("that nothing can be staged has no stage and keeps only its own reasons", () => {
    const changed: Judgement = { decision: "change", stage: "S4", reasons: ["texture", "model-uncertain"], note: "" };
    const cannot = decided(changed, "cannot-be-staged", "S2");
    expect(cannot).toMatchObject({ stage: null, reasons: ["model-uncertain"] });
    expect(decided(cannot, "agree", "S2")).toMatchObject({ stage: "S2", reasons: [] });
  });

  it("has the reasons that the server knows", () => {
    const python = readFileSync(join(import.meta.dirname, "../../../../webapp/staging/models.py"), "utf8");
    const codes = Object.fromEntries(
      [...python.matchAll(/^ {4}([A-Z_]+) = "([a-z-]+)"$/gm)].map((match) => [match[1], match[2]]),
    );
    for (const [name, decision] of [["CHANGE_REASONS", "change"], ["CANNOT_REASONS", "cannot-be-staged"]] as const) {
      const listed = new RegExp(`^${name} = \\(([^)]*)\\)`, "m").exec(python)?.[1] ?? "";
      const known = [...listed.matchAll(/Reason\.([A-Z_]+)/g)].map((match) => codes[match[1] ?? ""]);
      expect(known.length).toBeGreaterThan(3);
      expect(REASONS[decision]).toEqual(known);
    }
  });
});
