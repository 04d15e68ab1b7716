import { describe, expect, it } from "vitest";
import { barOf, boxOf, centimetresPerPixel } from "./region";

const region = (x0: number, x1: number, delta: number | null, deltaY = delta) => ({
  x0,
  y0: 10,
  x1,
  y1: 110,
  delta_x_cm: delta,
  delta_y_cm: deltaY,
});

describe("the ultrasound regions of a frame", () => {
  it("are fitted together; a frame without any is fitted whole", () => {
    const frame = { rows: 768, columns: 1024 };
    expect(boxOf({ ...frame, regions: [region(20, 200, 0.03), region(300, 420, 0.03)] })).toEqual({
      x: 20,
      y: 10,
      width: 400,
      height: 100,
    });
    expect(boxOf({ ...frame, regions: [] })).toEqual({ x: 0, y: 0, width: 1024, height: 768 });
  });

  it("give a ruler only where one length holds for every pixel", () => {
    expect(centimetresPerPixel({ regions: [region(0, 100, 0.03)] })).toBe(0.03);
    expect(centimetresPerPixel({ regions: [region(0, 100, 0.03, 0.04)] })).toBeNull();
    expect(centimetresPerPixel({ regions: [region(0, 100, 0.03), region(100, 200, null)] })).toBeNull();
    expect(centimetresPerPixel({ regions: [] })).toBeNull();
  });

  it("draw a round length that fits", () => {
    expect(barOf(0.03, 0.5, 100)).toEqual({ cm: 5, pixels: expect.closeTo(83.33, 1) });
    expect(barOf(0.03, 100, 100)).toBeNull();
  });
});
