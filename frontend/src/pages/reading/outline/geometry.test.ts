import { describe, expect, it } from "vitest";
import { areaOf, boxPolygon, clamped, encloses, isInside, isSimple, nearestEdge, type Polygon } from "./geometry";

const square: Polygon = [[10, 10], [60, 10], [60, 50], [10, 50]];
const bowTie: Polygon = [[10, 10], [60, 50], [60, 10], [10, 50]];

describe("polygons", () => {
  it("of a box have its area, whichever way it was drawn", () => {
    expect(boxPolygon([60, 50], [10, 10])).toEqual(square);
    expect(areaOf(square)).toBe(2000);
  });

  it("that cross themselves are told from those that do not", () => {
    expect(isSimple(square)).toBe(true);
    expect(isSimple(bowTie)).toBe(false);
  });

  it("enclose something only with three corners off one line", () => {
    expect(encloses(square)).toBe(true);
    expect(encloses([[1, 1], [2, 2], [3, 3]])).toBe(false);
    expect(encloses([[1, 1], [1, 1], [3, 3]])).toBe(false);
  });

  it("know what is inside and which edge is near", () => {
    expect(isInside(square, [30, 30])).toBe(true);
    expect(isInside(square, [70, 30])).toBe(false);
    expect(nearestEdge(square, [61, 30])).toEqual({ after: 1, distance: 1 });
  });

  it("stay inside the frame", () => {
    expect(clamped({ x: -4, y: 99.456 }, { columns: 128, rows: 96 })).toEqual([0, 96]);
    expect(clamped({ x: 12.3456, y: 7 }, { columns: 128, rows: 96 })).toEqual([12.35, 7]);
  });
});
