/** Where the boxes and words of a STARD flow diagram stand: pure geometry, in the units of its viewBox. */
import { STAGES, type StageLabel, type FlowStep } from "~/api/types";

export const WIDTH = 620;
const MAIN = 230; // width of the boxes on the main line
const SIDE = 340; // and of those beside it
const LINE = 19;
const PADDING = 12;
const GAP = 26;
const LETTER = 7.3; // of 13.5-unit text, on average; a Chinese character takes twice that

export interface FlowBox {
  step: string;
  x: number;
  y: number;
  width: number;
  height: number;
  /** The first line of a box of the main line is its name. */
  lines: { text: string; step?: string; bold?: boolean }[];
}

export interface FlowLayout {
  width: number;
  height: number;
  boxes: FlowBox[];
  /** Arrows from one point to another, each horizontal or vertical. */
  arrows: [number, number, number, number][];
}

export interface FlowWords {
  name: (step: string) => string;
  size: (step: FlowStep) => string;
  excluded: (patients: number) => string;
  reason: (step: FlowStep) => string;
  stage: (stage: StageLabel, patients: number) => string;
}

function widthOf(text: string): number {
  return [...text].reduce((sum, letter) => sum + (letter.charCodeAt(0) > 0x2e7f ? 2 : 1) * LETTER, 0);
}

/** Words broken into lines of at most `width`; Chinese breaks anywhere. */
export function wrapped(text: string, width: number): string[] {
  const parts = text.match(/[\u2e80-\uffff]|[^\s\u2e80-\uffff]+|\s+/g) ?? [];
  const lines: string[] = [""];
  for (const part of parts) {
    const last = lines.length - 1;
    const longer = (lines[last] ?? "") + part;
    if (widthOf(longer.trimEnd()) > width && lines[last]?.trim()) lines.push(part.trimStart());
    else lines[last] = longer;
  }
  return lines.map((line) => line.trim()).filter(Boolean);
}

/** Assessed above, the excluded beside the line with every reason, included below, then the stages. */
export function layOut(
  steps: readonly FlowStep[],
  byStage: Partial<Record<StageLabel, number>> | undefined,
  words: FlowWords,
): FlowLayout {
  const boxes: FlowBox[] = [];
  const arrows: FlowLayout["arrows"] = [];
  const middle = MAIN / 2;
  let y = 1;
  const main = (step: FlowStep) => {
    const lines = [{ text: words.name(step.step), bold: true }, { text: words.size(step) }];
    const box = { step: step.step, x: 1, y, width: MAIN, height: lines.length * LINE + 2 * PADDING, lines };
    boxes.push(box);
    y += box.height;
  };
  const assessed = steps.find((step) => step.step === "assessed");
  const included = steps.find((step) => step.step === "included");
  const excluded = steps.filter((step) => step.excluded && step.patients > 0);
  if (assessed) main(assessed);
  const left = y;
  if (excluded.length) {
    const lines: FlowBox["lines"] = [
      { text: words.excluded(excluded.reduce((sum, step) => sum + step.patients, 0)), bold: true },
    ];
    for (const step of excluded) {
      for (const text of wrapped(words.reason(step), SIDE - 2 * PADDING)) lines.push({ text, step: step.step });
    }
    const height = lines.length * LINE + 2 * PADDING;
    boxes.push({ step: "excluded", x: WIDTH - SIDE - 1, y: y + GAP, width: SIDE, height, lines });
    y += height + 2 * GAP;
    const across = left + GAP + height / 2;
    arrows.push([middle, across, WIDTH - SIDE - 1, across]);
  } else {
    y += GAP;
  }
  arrows.push([middle, left, middle, y]);
  if (included) main(included);
  const found = STAGES.filter((stage) => byStage?.[stage] !== undefined);
  if (included && found.length) {
    const width = (WIDTH - 2 - (found.length - 1) * 10) / found.length;
    arrows.push([middle, y, middle, y + GAP]);
    y += GAP;
    found.forEach((stage, index) => {
      const lines = [{ text: words.stage(stage, byStage?.[stage] ?? 0), bold: true }];
      boxes.push({ step: stage, x: 1 + index * (width + 10), y, width, height: LINE + 2 * PADDING, lines });
    });
    y += LINE + 2 * PADDING;
  }
  return { width: WIDTH, height: y + 1, boxes, arrows };
}

export const TEXT = { line: LINE, padding: PADDING };
