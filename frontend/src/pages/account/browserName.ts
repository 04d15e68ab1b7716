import { NOTHING } from "~/ui/formats";

// In this order: Edge and Opera call themselves Chrome as well, and Chrome calls itself Safari.
const KNOWN = [/(Edg)\/(\d+)/, /(OPR)\/(\d+)/, /(Firefox)\/(\d+)/, /(Chrome)\/(\d+)/, /(Safari)\/(\d+)/];

/** Firefox, Chrome … out of the long line that browsers send; the whole is in the tooltip. */
export function browserName(line: string): string {
  const found = KNOWN.map((one) => one.exec(line)).find(Boolean);
  const names: Record<string, string> = { Edg: "Edge", OPR: "Opera" };
  const system = /Windows|Mac OS X|Android|iPhone|iPad|Linux/.exec(line);
  if (!found?.[1]) return line.slice(0, 30) || NOTHING;
  return [`${names[found[1]] ?? found[1]} ${found[2] ?? ""}`, system?.[0]].filter(Boolean).join(", ");
}

