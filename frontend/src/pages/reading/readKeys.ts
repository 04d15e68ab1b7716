/** What the keys of the reading page say. Digits are answers, letters reasons; the letters leave those of the viewer free. */
import { type Quality, QUALITIES, type QualityReason, type ReadKind, REASONS } from "./api";

export const CANNOT_TELL = "cannot-tell";
export type StageAnswer = 0 | 1 | 2 | 3 | 4 | typeof CANNOT_TELL;
export const STAGE_ANSWERS: readonly StageAnswer[] = [0, 1, 2, 3, 4, CANNOT_TELL];

export const REASON_KEYS: Record<QualityReason, string> = {
  artefact: "t",
  blur: "b",
  shadow: "s",
  gain: "g",
  depth: "d",
  view: "v",
  other: "e",
};

export type ReadCommand =
  | { kind: "quality"; quality: Quality }
  | { kind: "stage"; stage: StageAnswer }
  | { kind: "reason"; reason: QualityReason }
  | { kind: "lock" }
  | { kind: "skip" };

interface Press {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
}

export function readCommandOf(press: Press, reading: ReadKind): ReadCommand | null {
  if (press.ctrlKey || press.metaKey || press.altKey) return null;
  const key = press.key.toLowerCase();
  if (key === "enter") return { kind: "lock" };
  if (key === "n") return { kind: "skip" };
  const digit = Number(key);
  if (Number.isInteger(digit) && digit >= 1) {
    if (reading === "quality") {
      const quality = QUALITIES[digit - 1];
      return quality ? { kind: "quality", quality } : null;
    }
    const stage = STAGE_ANSWERS[digit - 1];
    return stage === undefined ? null : { kind: "stage", stage };
  }
  const reason = reading === "quality" ? REASONS.find((one) => REASON_KEYS[one] === key) : undefined;
  return reason ? { kind: "reason", reason } : null;
}
