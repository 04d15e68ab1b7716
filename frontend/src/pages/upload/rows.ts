/** The table of an upload: one row a file, or one row for each member of an archive. */
import type { ApiProblem } from "~/api/problem";
import type { FileResult, Outcome } from "~/api/types";
import type { UploadItem } from "~/upload/queue";

export type RowState = Outcome | "waiting" | "sending" | "failed";

export interface FileRow {
  key: string;
  name: string;
  size: number | null;
  state: RowState;
  sent: number;
  result: FileResult | null;
  problem: ApiProblem | null;
  /** The item to send again, where that makes sense. */
  itemKey: number | null;
}

/** Rows of items that have not changed are the same objects, so that React leaves them alone. */
const made = new WeakMap<UploadItem, FileRow[]>();

export function rowsOfItems(items: readonly UploadItem[]): FileRow[] {
  return items.flatMap((item) => {
    const known = made.get(item);
    if (known) return known;
    const rows = rowsOfItem(item);
    made.set(item, rows);
    return rows;
  });
}

function rowsOfItem(item: UploadItem): FileRow[] {
  if (item.state !== "done") {
    return [
      {
        key: `item-${item.key}`,
        name: item.path,
        size: item.size,
        state: item.state,
        sent: item.sent,
        result: null,
        problem: item.problem,
        itemKey: item.key,
      },
    ];
  }
  const single = item.results.length === 1;
  return item.results.map((result, index) => ({
    key: `item-${item.key}-${index}`,
    name: single ? item.path : `${item.path} › ${result.name}`,
    size: single ? item.size : null,
    state: result.outcome,
    sent: 1,
    result,
    problem: null,
    itemKey: null,
  }));
}

export function rowsOfResults(results: readonly FileResult[]): FileRow[] {
  return results.map((result) => ({
    key: result.id,
    name: result.name,
    size: null,
    state: result.outcome,
    sent: 1,
    result,
    problem: null,
    itemKey: null,
  }));
}

export function countsOf(rows: readonly FileRow[]): Partial<Record<RowState, number>> {
  const counts: Partial<Record<RowState, number>> = {};
  for (const row of rows) counts[row.state] = (counts[row.state] ?? 0) + 1;
  return counts;
}
