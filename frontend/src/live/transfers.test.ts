import { describe, expect, it } from "vitest";
import type { EventRow } from "~/api/types";
import { layersOf, transfersOf } from "./transfers";

function row(seq: number, kind: string, data: Record<string, unknown>): EventRow {
  return { seq, kind, data, at: "2026-01-01T00:00:00Z" } as unknown as EventRow;
}
const first = {
  source: "first-transfer:hf",
  target: "hf",
  moved: ["encoder.stem.weight", "encoder.stem_norm.weight", "encoder.stem_norm.bias"],
  kept: ["head.weight", "head.bias"],
};

describe("transfers of a run", () => {
  it("stand once each, in order, also where a resumed run told one again", () => {
    const second = { ...first, source: "hf, lf", target: "fusion" };
    const rows = [
      row(1, "started", {}),
      row(2, "weights-transferred", first),
      row(3, "weights-transferred", second),
      row(4, "weights-transferred", first),
    ];
    expect(transfersOf(rows)).toEqual([first, second]);
  });

  it("are listed layer by layer, moved and kept apart", () => {
    expect(layersOf(first)).toEqual([
      { name: "encoder.stem", moved: true, tensors: ["weight"] },
      { name: "encoder.stem_norm", moved: true, tensors: ["weight", "bias"] },
      { name: "head", moved: false, tensors: ["weight", "bias"] },
    ]);
  });
});
