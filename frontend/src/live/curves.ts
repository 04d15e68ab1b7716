/** From event rows to what a run page draws: curves per phase, throughput, the list of phases, the log. */
import type { EventRow, Metrics } from "~/api/types";

export interface EpochPoint {
  epoch: number;
  epochs: number;
  trainLoss: number;
  trainAccuracy: number;
  validationLoss: number | null;
  validationAccuracy: number | null;
  learningRate: number;
  imagesPerSecond: number;
  seconds: number;
}

export interface Curve {
  phase: string;
  points: EpochPoint[];
}

function numberOr<T>(value: unknown, otherwise: T): number | T {
  return typeof value === "number" ? value : otherwise;
}

/** One curve a phase, in order of appearance. A resumed attempt repeats an epoch: the later row counts. */
export function curvesOf(rows: readonly EventRow[]): Curve[] {
  const phases = new Map<string, Map<number, EpochPoint>>();
  for (const { kind, data } of rows) {
    if (kind !== "epoch-finished") continue;
    const phase = String(data.phase);
    const epoch = numberOr(data.epoch, 0);
    const points = phases.get(phase) ?? new Map<number, EpochPoint>();
    phases.set(phase, points);
    points.set(epoch, {
      epoch,
      epochs: numberOr(data.epochs, epoch),
      trainLoss: numberOr(data.train_loss, NaN),
      trainAccuracy: numberOr(data.train_accuracy, NaN),
      validationLoss: numberOr(data.validation_loss, null),
      validationAccuracy: numberOr(data.validation_accuracy, null),
      learningRate: numberOr(data.learning_rate, NaN),
      imagesPerSecond: numberOr(data.images_per_second, NaN),
      seconds: numberOr(data.seconds, NaN),
    });
  }
  return [...phases].map(([phase, points]) => ({
    phase,
    points: [...points.values()].sort((a, b) => a.epoch - b.epoch),
  }));
}

export interface Pace {
  phase: string | null;
  epoch: number | null;
  epochs: number | null;
  imagesPerSecond: number | null;
}

/** Where the work is now and how fast, from the newest rows that say so. */
export function paceOf(rows: readonly EventRow[]): Pace {
  const pace: Pace = { phase: null, epoch: null, epochs: null, imagesPerSecond: null };
  for (let index = rows.length - 1; index >= 0; index -= 1) {
    const data = rows[index]?.data ?? {};
    if (typeof data.phase !== "string") continue;
    pace.phase ??= data.phase;
    if (data.phase !== pace.phase) break;
    if (pace.imagesPerSecond === null) pace.imagesPerSecond = numberOr(data.images_per_second, null);
    if (pace.epochs === null && rows[index]?.kind === "phase-started" && typeof data.epochs === "number") {
      pace.epoch ??= 0;
      pace.epochs = data.epochs;
    }
    if (pace.epoch === null) pace.epoch = numberOr(data.epoch, null);
    if (pace.epochs === null && pace.epoch !== null) pace.epochs = numberOr(data.epochs, null);
    if (pace.imagesPerSecond !== null && pace.epochs !== null) break;
  }
  return pace;
}

/** The phases that the first `started` row announced, with how each stands. */
export function phasesOf(rows: readonly EventRow[]): { phase: string; state: "done" | "now" | "next" }[] {
  const announced: string[] = [];
  const begun: string[] = [];
  let finished = false;
  for (const { kind, data } of rows) {
    if (kind === "started" && Array.isArray(data.phases)) {
      for (const phase of data.phases) if (!announced.includes(String(phase))) announced.push(String(phase));
    }
    if (kind === "phase-started" && typeof data.phase === "string") {
      if (!announced.includes(data.phase)) announced.push(data.phase);
      if (!begun.includes(data.phase)) begun.push(data.phase);
    }
    if (kind === "finished") finished = true;
  }
  const current = begun.at(-1);
  return announced.map((phase) => ({
    phase,
    state: finished ? "done" : phase === current ? "now" : begun.includes(phase) ? "done" : "next",
  }));
}

/** Metrics of the last `evaluated` row of a split and level. */
export function evaluatedMetrics(
  rows: readonly EventRow[],
  split: string,
  level: "patient" | "image",
): Metrics | null {
  for (let index = rows.length - 1; index >= 0; index -= 1) {
    const row = rows[index];
    if (row?.kind === "evaluated" && row.data.split === split && row.data.level === level) {
      return row.data.metrics as Metrics;
    }
  }
  return null;
}
