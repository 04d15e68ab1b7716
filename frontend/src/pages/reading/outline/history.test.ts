import { describe, expect, it } from "vitest";
import { drawnOn } from "./history";
import type { Draft } from "./journal";


const square: Draft["polygons"] = [[[0, 0], [9, 0], [9, 9]]];
const moved: Draft["polygons"] = [[[0, 0], [9, 0], [9, 8]]];
const imported: Draft = { polygons: square, open: [], origin: "import", algorithm: { name: "S", version: "1", changed: false } };

describe("who found an outline", () => {
  it("stays known while it is corrected, as corrected", () => {
    expect(drawnOn(imported, { polygons: moved }).algorithm).toEqual({ name: "S", version: "1", changed: true });
    expect(drawnOn(imported, { open: [[1, 1]] }).algorithm?.changed).toBe(false);
    expect(drawnOn({ ...imported, proposal: "p" }, { polygons: moved }).proposal).toBe("p");
  });

  it("is forgotten where nothing of it is left", () => {
    const empty = drawnOn({ ...imported, proposal: "p" }, { polygons: [] });
    expect([empty.proposal, empty.algorithm]).toEqual([null, null]);
    expect(drawnOn(empty, { polygons: moved }).algorithm).toBeNull();
  });
});
