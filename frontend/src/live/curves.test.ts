import { describe, expect, it } from "vitest";
import type { EventRow } from "~/api/types";
import { curvesOf, evaluatedMetrics, paceOf, phasesOf } from "./curves";

function row(seq: number, kind: string, data: Record<string, unknown>, attempt = 1): EventRow {
  return { seq, attempt, kind, data: { kind, ...data }, at: "2026-01-01T00:00:00Z" };
}

const epoch = (seq: number, phase: string, number: number, loss: number, attempt = 1) =>
  row(
    seq,
    "epoch-finished",
    {
      phase,
      epoch: number,
      epochs: 3,
      train_loss: loss,
      train_accuracy: 0.5,
      validation_loss: null,
      validation_accuracy: null,
      learning_rate: 1e-4,
      images_per_second: 40,
      seconds: 2,
    },
    attempt,
  );

const log = [
  row(1, "started", { title: "t", phases: ["hf", "fusion"] }),
  row(2, "phase-started", { phase: "hf" }),
  epoch(3, "hf", 1, 1.6),
  epoch(4, "hf", 2, 1.4),
  row(5, "started", { title: "t", phases: ["hf", "fusion"], resumed: true }, 2),
  epoch(6, "hf", 2, 1.3, 2),
  row(7, "phase-started", { phase: "fusion" }, 2),
  row(8, "progressed", { phase: "fusion", progress: 0.1, images_per_second: 12 }, 2),
];

describe("curves of a run", () => {
  it("draw one point an epoch; the repeated epoch of a resumed attempt replaces the first", () => {
    const curves = curvesOf(log);
    expect(curves.map((curve) => curve.phase)).toEqual(["hf"]);
    expect(curves[0]?.points.map((point) => point.trainLoss)).toEqual([1.6, 1.3]);
  });

  it("say which phase is done, now and next", () => {
    expect(phasesOf(log.slice(0, 4))).toEqual([
      { phase: "hf", state: "now" },
      { phase: "fusion", state: "next" },
    ]);
    expect(phasesOf([...log, row(9, "finished", {})]).every((item) => item.state === "done")).toBe(true);
  });

  it("take the pace of the current phase only", () => {
    expect(paceOf(log)).toEqual({ phase: "fusion", epoch: null, epochs: null, imagesPerSecond: 12 });
    expect(paceOf(log.slice(0, 4))).toMatchObject({ phase: "hf", epoch: 2, epochs: 3, imagesPerSecond: 40 });
  });

  it("find the newest evaluation of a split", () => {
    const metrics = { accuracy: { value: 0.6, low: 0.5, high: 0.7 } };
    const rows = [...log, row(9, "evaluated", { split: "test", level: "patient", metrics })];
    expect(evaluatedMetrics(rows, "test", "patient")).toEqual(metrics);
    expect(evaluatedMetrics(rows, "test", "image")).toBeNull();
  });
});
