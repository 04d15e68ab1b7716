import { describe, expect, it } from "vitest";
import type { JsonSchema } from "~/api/types";
import { applicable, applies, defaultsOf, errorsOf, fieldsOf, followed, leavesOf, merged, valueAt, withValue } from "./schema";

/** The shapes that pydantic writes: references with siblings, nested models, literals, open and closed limits. */
const schema: JsonSchema = {
  $defs: {
    Architecture: { enum: ["hf", "lf", "fusion"], title: "Architecture", type: "string" },
    TransferSpec: {
      type: "object",
      properties: {
        first: {
          default: true,
          title: "First transfer",
          type: "boolean",
          "x-only-for": { architecture: ["lf", "fusion"], otherwise: false },
        },
        epochs: { default: 12, minimum: 1, maximum: 1000, title: "Epochs", type: "integer" },
      },
    },
  },
  type: "object",
  properties: {
    architecture: { $ref: "#/$defs/Architecture", default: "fusion", title: "Architecture" },
    transfer: { $ref: "#/$defs/TransferSpec", title: "Transfer" },
    learning_rate: { default: 1e-4, exclusiveMinimum: 0, maximum: 1, type: "number", description: "Adam." },
    precision: { default: "auto", enum: ["auto", "fp32"], type: "string" },
    limit: { anyOf: [{ type: "integer", minimum: 1 }, { type: "null" }], default: 5 },
    source: { default: "embedded", type: "string" },
    policy: {
      default: "fair",
      enum: ["fair", "own", "none"],
      type: "string",
      "x-default-by": { setting: "precision", values: { auto: "fair", fp32: "own" } },
    },
  },
};
const fields = fieldsOf(schema);

describe("a specification as a form", () => {
  it("has one field a property, nested objects as groups", () => {
    expect(fields.map((field) => [field.path, field.kind])).toEqual([
      ["architecture", "choice"],
      ["transfer", "group"],
      ["learning_rate", "number"],
      ["precision", "choice"],
      ["limit", "number"],
      ["source", "text"],
      ["policy", "choice"],
    ]);
    expect(leavesOf(fields).map((field) => field.path)).toContain("transfer.epochs");
  });

  it("starts from the defaults, nested ones too, and takes a preset on top", () => {
    const defaults = defaultsOf(schema);
    expect(defaults).toMatchObject({ architecture: "fusion", transfer: { first: true, epochs: 12 } });
    expect(merged(defaults, { architecture: "hf", transfer: { first: false } })).toMatchObject({
      architecture: "hf",
      transfer: { first: false, epochs: 12 },
      learning_rate: 1e-4,
    });
  });

  it("gives a setting that does not apply the value that says so, and keeps what was chosen for when it does", () => {
    const chosen = defaultsOf(schema);
    const first = leavesOf(fields).find((field) => field.path === "transfer.first");
    expect(first && applies(first, chosen)).toBe(true);
    expect(applicable(fields, chosen)).toEqual(chosen);
    const other = withValue(chosen, "architecture", "hf");
    expect(first && applies(first, other)).toBe(false);
    expect(valueAt(applicable(fields, other), "transfer.first")).toBe(false);
    expect(valueAt(other, "transfer.first")).toBe(true);
  });

  it("lets a default follow what it depends on, and leaves alone what somebody chose", () => {
    const before = defaultsOf(schema);
    const changed = followed(fields, before, withValue(before, "precision", "fp32"));
    expect(valueAt(changed, "policy")).toBe("own");
    expect(valueAt(followed(fields, changed, withValue(changed, "precision", "auto")), "policy")).toBe("fair");
    const chosen = withValue(before, "policy", "none");
    expect(valueAt(followed(fields, chosen, withValue(chosen, "precision", "fp32")), "policy")).toBe("none");
    expect(followed(fields, before, withValue(before, "limit", 3))).toEqual({ ...before, limit: 3 });
  });

  it("accepts its own defaults", () => {
    expect(errorsOf(fields, defaultsOf(schema))).toEqual({});
  });

  it.each([
    ["transfer.epochs", 0, { rule: "minimum", limit: 1 }],
    ["transfer.epochs", 1001, { rule: "maximum", limit: 1000 }],
    ["transfer.epochs", 2.5, { rule: "integer" }],
    ["transfer.epochs", "", { rule: "required" }],
    ["learning_rate", 0, { rule: "above", limit: 0 }],
    ["learning_rate", 2, { rule: "maximum", limit: 1 }],
    ["architecture", "both", { rule: "choice" }],
    ["limit", 0, { rule: "minimum", limit: 1 }],
    ["source", "", { rule: "required" }],
  ])("says what is wrong with %s = %j", (path, value, error) => {
    expect(errorsOf(fields, withValue(defaultsOf(schema), path, value))).toEqual({ [path]: error });
  });

  it("sets a nested value without touching its neighbours", () => {
    const before = defaultsOf(schema);
    const after = withValue(before, "transfer.first", false);
    expect(valueAt(after, "transfer.first")).toBe(false);
    expect(valueAt(after, "transfer.epochs")).toBe(12);
    expect(valueAt(before, "transfer.first")).toBe(true);
  });
});
