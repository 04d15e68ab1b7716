import { describe, expect, it } from "vitest";
import { asBoxes, boxBetween, padded, written } from "./boxes";

const frame = { rows: 100, columns: 200 };

describe("boxes drawn on a picture", () => {
  it("may be drawn from any corner", () => {
    expect(boxBetween([50, 40], [10, 20], frame)).toEqual([10, 20, 50, 40]);
  });

  it("end at the edge of the frame", () => {
    expect(boxBetween([-5, -5], [500, 500], frame)).toEqual([0, 0, 200, 100]);
  });

  it("have an area", () => {
    expect(boxBetween([10, 10], [11, 60], frame)).toBeNull();
  });

  it("are written as the preview reads them", () => {
    expect(written([[1, 2, 3, 4], [5, 6, 7, 8]])).toBe("1,2,3,4;5,6,7,8");
  });

  it("are four numbers", () => {
    expect(asBoxes([[1, 2, 3], [1, 2, 3, 4]])).toEqual([[1, 2, 3, 4]]);
  });

  it("are padded within the frame", () => {
    expect(padded([[0, 90, 20, 99]], 3, frame)).toEqual([[0, 87, 23, 100]]);
  });
});
