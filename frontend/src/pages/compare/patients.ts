/** Patients of a comparison: those behind a cell of a run's confusion matrix, those on whom the runs differ. */
import { type Disagreement, STAGES, type StageLabel } from "~/api/types";

export interface Cell {
  run: number;
  truth: StageLabel;
  predicted: StageLabel;
}

type Patient = Disagreement["patients"][number];

/** Counts of a run, rows the pathology stage, columns what the run called it. */
export function confusionOf(patients: readonly Patient[], run: number): number[][] {
  return STAGES.map((truth) =>
    STAGES.map((predicted) => patients.filter((one) => isIn(one, { run, truth, predicted })).length),
  );
}

function isIn(patient: Patient, cell: Cell): boolean {
  return patient.truth === cell.truth && patient.answers[cell.run]?.stage === cell.predicted;
}

export function chosenPatients(
  patients: readonly Patient[],
  { cell, differing }: { cell: Cell | null; differing: boolean },
): Patient[] {
  return patients.filter((one) => (!differing || one.differs) && (!cell || isIn(one, cell)));
}
