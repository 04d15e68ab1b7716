/** The lines of an experiment's table, from its runs: one run, or one run a fold, under one title. */
import { type ExperimentDetail, type ExperimentResults, type JobState, type Metric } from "~/api/types";

type Row = ExperimentDetail["rows"][number];
type Metrics = Record<string, Metric>;

export interface Line {
  number: number;
  title: string;
  preset: string;
  rows: Row[];
  finished: number;
  /** 0 to 1 over all runs of the line. */
  progress: number;
  state: JobState;
  /** Place of its next run in the queue; null when none waits. */
  position: number | null;
  /** From the first start to the last end of its runs, added up; null until one has ended. */
  seconds: number | null;
}

export function linesOf(experiment: ExperimentDetail): Line[] {
  const grouped = new Map<number, Row[]>();
  for (const row of experiment.rows) grouped.set(row.line, [...(grouped.get(row.line) ?? []), row]);
  return [...grouped].map(([number, rows]) => {
    const positions = rows.map((row) => row.run.job?.queue_position ?? null).filter((place) => place !== null);
    const took = rows.map(secondsOf).filter((seconds) => seconds !== null);
    const progress = rows.map((row) => (row.run.state === "succeeded" ? 1 : (row.run.job?.progress ?? 0)));
    return {
      number,
      title: rows[0]?.title ?? "",
      preset: rows[0]?.run.preset ?? "",
      rows,
      finished: rows.filter((row) => row.run.state === "succeeded").length,
      progress: progress.reduce((sum, share) => sum + share, 0) / rows.length,
      state: stateOf(rows.map((row) => row.run.state)),
      position: positions.length ? Math.min(...positions) : null,
      seconds: took.length ? took.reduce((sum, seconds) => sum + seconds, 0) : null,
    };
  });
}

/** Of several runs: what asks for attention first, else what is under way, else done. */
export function stateOf(states: JobState[]): JobState {
  const order: JobState[] = ["failed", "running", "queued", "cancelled"];
  // A line whose next fold waits while others are done is under way, not waiting to begin.
  if (states.includes("queued") && states.includes("succeeded") && !states.includes("failed")) return "running";
  return order.find((state) => states.includes(state)) ?? "succeeded";
}

function secondsOf(row: Row): number | null {
  const job = row.run.job;
  if (!job?.started_at || !job.finished_at) return null;
  return (Date.parse(job.finished_at) - Date.parse(job.started_at)) / 1000;
}

/** Metrics of a line once it is complete: its one run's own, or those over its folds. */
export function metricsOf(line: Line, results: ExperimentResults | undefined): Metrics | null {
  const column = results?.lines.indexOf(line.number) ?? -1;
  if (results && column >= 0) {
    const found: Metrics = {};
    for (const row of results.metrics) {
      const value = row.values[column];
      if (value) found[row.name] = value;
    }
    return found;
  }
  const [only, ...others] = line.rows;
  if (!only || others.length || only.run.state !== "succeeded" || !Object.keys(only.run.metrics).length) return null;
  return only.run.metrics;
}

/** Runs that are done, of all. */
export function tally(experiment: ExperimentDetail): { done: number; total: number; active: number; stopped: number } {
  const count = (...states: JobState[]) => experiment.rows.filter((row) => states.includes(row.run.state)).length;
  return {
    done: count("succeeded"),
    total: experiment.rows.length,
    active: count("queued", "running"),
    stopped: count("failed", "cancelled"),
  };
}

export const ROC_FIGURES = ["roc", "roc-ge-s2", "roc-ge-s3", "roc-ge-s4"] as const;
export const DECISION_FIGURES = ["decision-ge-s2", "decision-ge-s3", "decision-ge-s4"] as const;

/** Names of the figures of a family, in the order in which the server made them. */
export function figuresOf(results: ExperimentResults, family: string): string[] {
  return Object.keys(results.figures).filter((name) => name === family || name.startsWith(`${family}-`));
}
