import { describe, expect, it } from "vitest";
import type { Disagreement } from "~/api/types";
import { chosenPatients, confusionOf } from "./patients";

const patient = (name: string, truth: string, ...stages: string[]) => ({
  patient: name,
  truth,
  differs: new Set(stages).size > 1,
  answers: stages.map((stage) => ({ stage, probability: 0.5 })),
  exam: null,
  images: [],
});
const patients = [
  patient("a", "S1", "S1", "S2"),
  patient("b", "S1", "S1", "S1"),
  patient("c", "S4", "S0", "S4"),
] as Disagreement["patients"];

describe("patients of a comparison", () => {
  it("are counted by pathology stage and by what a run called them", () => {
    const counts = confusionOf(patients, 0);
    expect(counts[1]).toEqual([0, 2, 0, 0, 0]);
    expect(counts[4]).toEqual([1, 0, 0, 0, 0]);
    expect(confusionOf(patients, 1).flat().reduce((sum, count) => sum + count, 0)).toBe(3);
  });

  it("behind a cell are those of that run alone, as many as the cell says", () => {
    const cell = { run: 1, truth: "S1", predicted: "S2" } as const;
    expect(chosenPatients(patients, { cell, differing: false }).map((one) => one.patient)).toEqual(["a"]);
    expect(chosenPatients(patients, { cell: null, differing: true }).map((one) => one.patient)).toEqual(["a", "c"]);
    expect(chosenPatients(patients, { cell: { run: 0, truth: "S1", predicted: "S1" }, differing: true })).toHaveLength(1);
  });
});
