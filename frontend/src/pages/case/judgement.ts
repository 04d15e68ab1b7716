/** What a clinician may say of an answer, and what is still missing before it can be signed. */
import type { Decision, Reason, Review, StageLabel } from "~/api/types";
import { STAGES } from "~/api/types";

export interface Judgement {
  decision: Decision;
  stage: StageLabel | null;
  reasons: Reason[];
  note: string;
}

/** As in webapp/staging/models.py; the server refuses any other. */
export const REASONS: Record<Decision, readonly Reason[]> = {
  agree: [],
  change: [
    "texture",
    "capsule",
    "vessels",
    "shape",
    "clinical-values",
    "earlier-exam",
    "wrong-region",
    "model-uncertain",
    "other",
  ],
  "cannot-be-staged": [
    "image-quality",
    "no-liver",
    "band-missing-or-wrong",
    "other-liver-disease",
    "unlike-training-data",
    "model-uncertain",
    "other",
  ],
};

export function judgementOf(review: Review): Judgement {
  return {
    decision: review.decision,
    stage: review.stage === null || review.stage === undefined ? null : (STAGES[review.stage] ?? null),
    reasons: review.reasons,
    note: review.note ?? "",
  };
}

/** Another decision keeps only the reasons that belong to it. */
export function decided(held: Judgement, decision: Decision, answer: StageLabel): Judgement {
  return {
    ...held,
    decision,
    stage: decision === "cannot-be-staged" ? null : decision === "agree" ? answer : held.stage === answer ? null : held.stage,
    reasons: held.reasons.filter((reason) => REASONS[decision].includes(reason)),
  };
}

export type Missing = "stage" | "reasons" | "note";

export function missing(judgement: Judgement, answer: StageLabel): Missing | null {
  const { decision, stage, reasons, note } = judgement;
  if (decision === "change" && (!stage || stage === answer)) return "stage";
  if (decision !== "agree" && !reasons.length) return "reasons";
  if (reasons.includes("other") && !note.trim()) return "note";
  return null;
}

export function sameJudgement(one: Judgement, other: Judgement): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
