import { describe, expect, it } from "vitest";
import { type Mask, polygonsOf, traced } from "./brush";
import { areaOf, isSimple } from "./geometry";

function maskOf(rows: string[]): Mask {
  const width = rows[0]?.length ?? 0;
  return { width, height: rows.length, inside: Uint8Array.from(rows.join(""), (letter) => (letter === "#" ? 1 : 0)) };
}

describe("tracing a mask", () => {
  it("gives one pixel its four corners", () => {
    expect(traced(maskOf(["...", ".#.", "..."]))).toEqual([[[2, 1], [2, 2], [1, 2], [1, 1]]]);
  });

  it("gives pixels that touch at a corner two rings", () => {
    expect(traced(maskOf(["#.", ".#"]))).toHaveLength(2);
    expect(traced(maskOf([".#", "#."]))).toHaveLength(2);
  });

  it("fills holes: vessels belong to the liver", () => {
    const [ring, ...others] = traced(maskOf(["####", "#..#", "####"]));
    expect(others).toEqual([]);
    expect(areaOf(ring ?? [])).toBe(12);
  });

  it("finds every region once, up to the border of the frame", () => {
    const rings = traced(maskOf(["##..#", "##..#", ".....", "####."]));
    expect(rings.map(areaOf).sort()).toEqual([2, 4, 4]);
  });

  it("covers random masks with simple rings", () => {
    let seed = 7;
    const random = () => ((seed = (seed * 1103515245 + 12345) % 2147483648) / 2147483648);
    for (let round = 0; round < 60; round++) {
      const width = 12;
      const inside = Uint8Array.from({ length: width * 9 }, () => (random() < 0.55 ? 1 : 0));
      const mask = { width, height: 9, inside };
      const rings = traced(mask);
      const area = rings.reduce((sum, ring) => sum + areaOf(ring), 0);
      expect(area).toBeGreaterThanOrEqual(inside.reduce((sum, value) => sum + value, 0));
      rings.forEach((ring) => {
        expect(new Set(ring.map(String)).size).toBe(ring.length);
        expect(isSimple(ring)).toBe(true);
      });
    }
  });

  it("keeps a disc within one per cent and simple, with few corners", () => {
    const [width, radius] = [200, 80];
    const inside = Uint8Array.from({ length: width * width }, (_, at) =>
      Math.hypot((at % width) + 0.5 - 100, Math.floor(at / width) + 0.5 - 100) <= radius ? 1 : 0,
    );
    const [ring] = polygonsOf({ width, height: width, inside });
    expect(ring && isSimple(ring)).toBe(true);
    expect(ring?.length).toBeLessThan(80);
    expect(areaOf(ring ?? []) / (Math.PI * radius ** 2)).toBeCloseTo(1, 1.7);
  });
});
