import { describe, expect, it } from "vitest";
import { lengthIn, measured } from "./measure";

const region = (x0: number, x1: number, dx: number | null, dy = dx) => ({
  x0,
  y0: 0,
  x1,
  y1: 400,
  delta_x_cm: dx,
  delta_y_cm: dy,
});
const at = (x: number, y: number) => ({ x, y });

describe("a length", () => {
  const image = { regions: [region(100, 500, 0.02)] };

  it("is the distance in pixels times the physical delta", () => {
    expect(measured(image, at(100, 0), at(400, 400)).cm).toBeCloseTo(10, 10);
  });

  it("weighs each direction by its own delta: pixels may be oblong", () => {
    const oblong = { regions: [region(0, 500, 0.03, 0.01)] };
    expect(measured(oblong, at(0, 0), at(100, 400)).cm).toBeCloseTo(5, 10);
    expect(measured({ regions: [region(0, 500, 0.03, -0.01)] }, at(0, 0), at(100, 400)).cm).toBeCloseTo(5, 10);
  });

  it("is the same both ways, nothing from a point to itself, and never longer by a detour", () => {
    for (let turn = 0; turn < 200; turn += 1) {
      const [a, b, c] = [0, 1, 2].map(() => at(100 + Math.random() * 400, Math.random() * 400)) as [
        { x: number; y: number },
        { x: number; y: number },
        { x: number; y: number },
      ];
      const cm = (from: typeof a, to: typeof a) => measured(image, from, to).cm ?? NaN;
      expect(cm(a, b)).toBeCloseTo(cm(b, a), 12);
      expect(cm(a, a)).toBe(0);
      expect(cm(a, c)).toBeLessThanOrEqual(cm(a, b) + cm(b, c) + 1e-12);
    }
  });

  it("is refused outside the calibrated region, across two of them, and without calibration", () => {
    expect(measured(image, at(99, 10), at(200, 10))).toEqual({ refusal: "outside" });
    expect(measured(image, at(200, 10), at(200, 401))).toEqual({ refusal: "outside" });
    const two = { regions: [region(0, 200, 0.02), region(300, 500, 0.02)] };
    expect(measured(two, at(50, 50), at(400, 50))).toEqual({ refusal: "twoRegions" });
    expect(measured({ regions: [region(0, 500, null)] }, at(1, 1), at(2, 2))).toEqual({ refusal: "uncalibrated" });
    expect(measured({ regions: [region(0, 500, 0.02, null)] }, at(1, 1), at(2, 2))).toEqual({ refusal: "uncalibrated" });
    expect(measured({ regions: [] }, at(1, 1), at(2, 2))).toEqual({ refusal: "outside" });
  });

  it("is told in millimetres below a centimetre", () => {
    expect(lengthIn(0.999)).toEqual({ value: expect.closeTo(9.99, 6), digits: 1, unit: "mm" });
    expect(lengthIn(1)).toEqual({ value: 1, digits: 2, unit: "cm" });
  });
});
