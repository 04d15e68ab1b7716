import { describe, expect, it } from "vitest";
import { formatsFor, NOTHING } from "./formats";

const format = formatsFor("en");

describe("numbers", () => {
  it.each([
    [0.0684, "68 ms"],
    [1.234, "1.23 s"],
    [42.06, "42.1 s"],
    [59.99, "60.0 s"],
    [150.4, "2 min 30 s"],
    [7322, "2 h 2 min"],
  ])("%d seconds are written %s", (seconds, text) => {
    expect(format.seconds(seconds)).toBe(text);
  });

  it("carry their unit", () => {
    expect([format.percent(0.2036), format.bytes(512), format.bytes(118 * 1024), format.bytes(2.1 * 1024 ** 2)]).toEqual([
      "20.4%",
      "512 B",
      "118 KiB",
      "2.1 MiB",
    ]);
  });

  it("of a metric stand with their interval where there is one", () => {
    expect(format.metric({ value: 0.8123, low: 0.744, high: 0.871 })).toBe("0.812 (0.744–0.871)");
    expect(format.metric({ value: 0.5, low: null, high: null })).toBe("0.500");
    expect(format.metric({ value: null, low: null, high: null })).toBe(NOTHING);
    expect(format.metric(undefined)).toBe(NOTHING);
  });

  it("that are missing are a dash, never NaN", () => {
    expect([format.count(null), format.decimal(NaN), format.percent(undefined), format.date(null)]).toEqual([
      NOTHING,
      NOTHING,
      NOTHING,
      NOTHING,
    ]);
  });
});
