/**
 * The browser's copy of a job's event log.
 *
 * Rows arrive from two mouths: the socket (a hint: late, doubled or lost) and `/events/?after=N` (the truth). The
 * log holds an unbroken prefix 1…lastSeq; rows beyond a gap wait in `ahead` until the gap is filled.
 */
import type { EventRow } from "~/api/types";

export interface EventLog {
  readonly rows: readonly EventRow[];
  readonly lastSeq: number;
  readonly ahead: readonly EventRow[];
}

export const EMPTY_LOG: EventLog = { rows: [], lastSeq: 0, ahead: [] };

/** True when a row past the prefix is known: something between was missed and has to be asked for. */
export function hasGap(log: EventLog): boolean {
  return log.ahead.length > 0;
}

/**
 * Folds rows in any order, with duplicates. `complete` says that they answer "everything after lastSeq": numbers
 * missing among them do not exist on the server, so the prefix may step over them.
 */
export function foldRows(log: EventLog, incoming: readonly EventRow[], complete = false): EventLog {
  const fresh = new Map<number, EventRow>();
  for (const row of log.ahead) fresh.set(row.seq, row);
  let changed = false;
  for (const row of incoming) {
    if (row.seq > log.lastSeq && !fresh.has(row.seq)) {
      fresh.set(row.seq, row);
      changed = true;
    }
  }
  if (!changed && !(complete && incoming.length)) return log;

  const waiting = [...fresh.values()].sort((a, b) => a.seq - b.seq);
  const reach = complete ? Math.max(log.lastSeq, ...incoming.map((row) => row.seq)) : log.lastSeq;
  const joined: EventRow[] = [];
  let lastSeq = log.lastSeq;
  let index = 0;
  for (; index < waiting.length; index += 1) {
    const row = waiting[index];
    if (!row || (row.seq !== lastSeq + 1 && row.seq > reach)) break;
    joined.push(row);
    lastSeq = row.seq;
  }
  return {
    rows: joined.length ? [...log.rows, ...joined] : log.rows,
    lastSeq,
    ahead: waiting.slice(index),
  };
}
