/** Undo and redo over whole drafts: an outline is small, and a copy cannot be half undone. */
import type { Draft } from "./journal";

export interface History {
  past: Draft[];
  present: Draft;
  future: Draft[];
}

const MOST_STEPS = 200;

export type Change =
  | { kind: "draw"; draft: Draft }
  /** Somebody else's or an older version in place of ours, which one undo brings back. */
  | { kind: "show"; draft: Draft }
  | { kind: "undo" }
  | { kind: "redo" };

export function begun(draft: Draft): History {
  return { past: [], present: draft, future: [] };
}

export function changed(history: History, change: Change): History {
  const { past, present, future } = history;
  switch (change.kind) {
    case "draw":
    case "show":
      return { past: [...past, present].slice(-MOST_STEPS), present: change.draft, future: [] };
    case "undo": {
      const before = past.at(-1);
      return before ? { past: past.slice(0, -1), present: before, future: [present, ...future] } : history;
    }
    case "redo": {
      const [after, ...rest] = future;
      return after ? { past: [...past, present], present: after, future: rest } : history;
    }
  }
}

/** A stroke on a draft: corrected by hand from now on, and nobody's but the hand's where nothing was left. */
export function drawnOn(present: Draft, stroke: Partial<Draft>): Draft {
  const draft = { ...present, ...stroke };
  if (!draft.polygons.length) return { ...draft, proposal: null, algorithm: null };
  const changed = draft.polygons !== present.polygons;
  return changed && draft.algorithm ? { ...draft, algorithm: { ...draft.algorithm, changed: true } } : draft;
}
