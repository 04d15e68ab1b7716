import { describe, expect, it } from "vitest";
import type { Compared } from "./api";
import { consensusOf, isRecorded, standingOf, takesHardEvidence } from "./consensus";

type Stage = Compared["recorded"][number];

function recorded(stage: number, source: Stage["source"], more: Partial<Stage> = {}): Stage {
  return { id: `${stage}${source}`, stage, source, exam: null, recorded_by: "x", recorded_at: "", superseded_at: null, ...more } as Stage;
}

function row(said: (number | null)[], history: Stage[] = [], adjudicated?: number | null): Compared {
  return {
    exam: { id: "e" },
    answers: said.map((stage) => ({ stage })),
    agree: said[0] === said[1],
    adjudication: adjudicated === undefined ? null : { stage: adjudicated },
    recorded: history,
  } as unknown as Compared;
}

describe("the consensus of two readers", () => {
  it("is what they agree on, or what was adjudicated, and may be that it cannot be told", () => {
    expect(consensusOf(row([2, 2]))).toBe(2);
    expect(consensusOf(row([0, 0]))).toBe(0);
    expect(consensusOf(row([2, 3]))).toBeNull();
    expect(consensusOf(row([2, 3], [], 4))).toBe(4);
    expect(consensusOf(row([2, 3], [], null))).toBeNull();
  });

  it("is recorded once the exam's own stage says so, not its patient's or an earlier one", () => {
    const own = recorded(2, "consensus", { exam: "e" });
    expect(isRecorded(row([2, 2], [own]))).toBe(true);
    expect(isRecorded(row([2, 2], [{ ...own, superseded_at: "2026" }]))).toBe(false);
    expect(isRecorded(row([3, 3], [own]))).toBe(false);
    expect(isRecorded(row([2, 2], [recorded(2, "table")]))).toBe(false);
    expect(standingOf(row([2, 2], [recorded(1, "biopsy"), own]))).toBe(own);
  });

  it("asks before it takes the place of pathology", () => {
    expect(takesHardEvidence(row([2, 2], [recorded(1, "biopsy")]))).toBe(true);
    expect(takesHardEvidence(row([2, 2], [recorded(1, "table")]))).toBe(false);
    expect(takesHardEvidence(row([2, 2], [recorded(1, "biopsy", { superseded_at: "2026" })]))).toBe(false);
  });
});
