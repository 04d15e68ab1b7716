import { describe, expect, it } from "vitest";
import type { EventRow } from "~/api/types";
import { EMPTY_LOG, foldRows, hasGap } from "./eventLog";

function rows(...numbers: number[]): EventRow[] {
  return numbers.map((seq) => ({ seq, attempt: 1, kind: "note", data: {}, at: "2026-01-01T00:00:00Z" }));
}

function seqs(log: { rows: readonly EventRow[] }): number[] {
  return log.rows.map((row) => row.seq);
}

describe("event log", () => {
  it("keeps rows in order whatever order they come in", () => {
    const log = [3, 1, 2].reduce((held, seq) => foldRows(held, rows(seq)), EMPTY_LOG);
    expect(seqs(log)).toEqual([1, 2, 3]);
    expect(hasGap(log)).toBe(false);
  });

  it("ignores duplicates and returns the same object", () => {
    const log = foldRows(EMPTY_LOG, rows(1, 2, 2));
    expect(seqs(log)).toEqual([1, 2]);
    expect(foldRows(log, rows(1, 2))).toBe(log);
  });

  it("holds rows beyond a gap back until it is filled", () => {
    const broken = foldRows(foldRows(EMPTY_LOG, rows(1, 2)), rows(5, 4));
    expect(seqs(broken)).toEqual([1, 2]);
    expect(hasGap(broken)).toBe(true);
    const healed = foldRows(broken, rows(3));
    expect(seqs(healed)).toEqual([1, 2, 3, 4, 5]);
    expect(healed.lastSeq).toBe(5);
  });

  it("steps over numbers that the server says do not exist, but not over newer hints", () => {
    const held = foldRows(EMPTY_LOG, rows(9));
    const log = foldRows(held, rows(1, 4), true);
    expect(seqs(log)).toEqual([1, 4]);
    expect(hasGap(log)).toBe(true);
    expect(seqs(foldRows(log, rows(5, 6, 7, 8, 9), true))).toEqual([1, 4, 5, 6, 7, 8, 9]);
  });

  it("survives any shuffle with doubles", () => {
    const numbers = Array.from({ length: 60 }, (_, index) => index + 1);
    for (let seed = 1; seed < 20; seed += 1) {
      const shuffled = [...numbers, ...numbers.slice(0, 25)].sort(
        (a, b) => ((a * 7919 * seed) % 101) - ((b * 7919 * seed) % 101),
      );
      const log = shuffled.reduce((held, seq) => foldRows(held, rows(seq)), EMPTY_LOG);
      expect(seqs(log)).toEqual(numbers);
    }
  });
});
