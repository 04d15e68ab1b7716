import { describe, expect, it } from "vitest";
import type { ExperimentDetail, ExperimentResults } from "~/api/types";
import { figuresOf, linesOf, metricsOf, stateOf, tally } from "./lines";

interface Job {
  queue_position: number | null;
  progress: number;
  started_at: string | null;
  finished_at: string | null;
}

function row(line: number, fold: number, state: string, job: Partial<Job> = {}, metrics = {}) {
  return {
    position: 1,
    line,
    repeat: 0,
    fold,
    title: `Model ${line}`,
    run: {
      id: `${line}-${fold}`,
      preset: "hf",
      state,
      metrics,
      job: { queue_position: null, progress: 0, started_at: null, finished_at: null, ...job },
    },
  };
}

const experiment = (...rows: ReturnType<typeof row>[]) => ({ rows }) as unknown as ExperimentDetail;
const accuracy = (value: number) => ({ accuracy: { value, low: null, high: null } });

describe("the lines of an experiment", () => {
  it("gather the folds of a model, whatever order the runs are in", () => {
    const lines = linesOf(
      experiment(
        row(1, 0, "succeeded", { started_at: "2026-01-01T00:00:00Z", finished_at: "2026-01-01T00:01:00Z" }),
        row(2, 0, "running", { progress: 0.5 }),
        row(1, 1, "queued", { queue_position: 3 }),
        row(2, 1, "queued", { queue_position: 4 }),
      ),
    );
    expect(lines.map(({ title, finished, progress, state, position, seconds }) => [title, finished, progress, state, position, seconds])).toEqual([
      ["Model 1", 1, 0.5, "running", 3, 60],
      ["Model 2", 0, 0.25, "running", 4, null],
    ]);
  });

  it("show a failure before anything else, and done only when all is done", () => {
    expect(stateOf(["succeeded", "failed", "running"])).toBe("failed");
    expect(stateOf(["queued", "queued"])).toBe("queued");
    expect(stateOf(["succeeded", "queued"])).toBe("running");
    expect(stateOf(["succeeded", "cancelled"])).toBe("cancelled");
    expect(stateOf(["succeeded", "succeeded"])).toBe("succeeded");
  });

  it("have no metrics while a fold is missing: one fold's are not the line's", () => {
    const [folded] = linesOf(experiment(row(1, 0, "succeeded", {}, accuracy(0.9)), row(1, 1, "queued")));
    const [single] = linesOf(experiment(row(1, 0, "succeeded", {}, accuracy(0.9))));
    expect(folded && metricsOf(folded, undefined)).toBeNull();
    expect(single && metricsOf(single, undefined)).toEqual(accuracy(0.9));
  });

  it("take their column of the results by number, not by place", () => {
    const [, second] = linesOf(experiment(row(1, 0, "queued"), row(2, 0, "succeeded"), row(2, 1, "succeeded")));
    const results = {
      lines: [2],
      metrics: [{ name: "accuracy", values: [{ value: 0.7, low: 0.6, high: 0.8 }] }],
      figures: { roc: {}, "roc-ge-s2": {}, rocket: {}, confusion: {} },
    } as unknown as ExperimentResults;
    expect(second && metricsOf(second, results)?.accuracy?.value).toBe(0.7);
    expect(figuresOf(results, "roc")).toEqual(["roc", "roc-ge-s2"]);
  });

  it("count what can be cancelled and what can be resumed", () => {
    expect(tally(experiment(row(1, 0, "succeeded"), row(2, 0, "failed"), row(3, 0, "queued"), row(4, 0, "running")))).toEqual({
      done: 1,
      total: 4,
      active: 2,
      stopped: 1,
    });
  });
});
