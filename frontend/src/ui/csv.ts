/** Tables as CSV files: for a spreadsheet (a byte order mark, so that Excel reads Chinese) and for a program. */
export type Cell = string | number | boolean | null | undefined;

/** A cell as RFC 4180 has it. What a spreadsheet would run as a formula gets an apostrophe before it. */
export function csvCell(value: Cell): string {
  if (value === null || value === undefined) return "";
  if (typeof value !== "string") return String(value);
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

export function csvText(head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  return "\uFEFF" + [head, ...rows].map((row) => row.map(csvCell).join(",")).join("\r\n") + "\r\n";
}

/** Hands a file to the person, as a download. */
export function download(name: string, content: Blob): void {
  const address = URL.createObjectURL(content);
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => {
    URL.revokeObjectURL(address);
  }, 10_000);
}

export function downloadCsv(name: string, head: readonly string[], rows: readonly (readonly Cell[])[]): void {
  download(name, new Blob([csvText(head, rows)], { type: "text/csv;charset=utf-8" }));
}
