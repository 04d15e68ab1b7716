/** What two readers came to say of an exam's stage, beside what is recorded of it. */
import type { Compared } from "./api";

const HARD_EVIDENCE = new Set(["biopsy", "surgery"]);

type Row = Pick<Compared, "agree" | "answers" | "adjudication" | "recorded" | "exam">;

/** The stage that they agree on or that was adjudicated; null where there is none, or none can be told. */
export function consensusOf(row: Row): number | null {
  if (row.adjudication) return row.adjudication.stage ?? null;
  return row.agree ? (row.answers[0]?.stage ?? null) : null;
}

/** What counts as the exam's stage now: its own before its patient's. */
export function standingOf(row: Row): Compared["recorded"][number] | undefined {
  const current = row.recorded.filter((one) => !one.superseded_at);
  return current.find((one) => one.exam === row.exam.id) ?? current.find((one) => !one.exam);
}

export function isRecorded(row: Row): boolean {
  const standing = standingOf(row);
  const consensus = consensusOf(row);
  return consensus !== null && standing?.source === "consensus" && standing.stage === consensus;
}

/** Whether recording the consensus would take the place of what pathology saw; the server asks for a yes then. */
export function takesHardEvidence(row: Row): boolean {
  const standing = standingOf(row);
  return standing !== undefined && HARD_EVIDENCE.has(standing.source);
}
