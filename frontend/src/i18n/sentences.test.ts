import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { card } from "./zh/card";
import { sentences } from "./zh/sentences";

it("a composed sentence has the same particulars in both languages", () => {
  const holes = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]).sort();
  expect([...sentences, ...card].filter(([english, chinese]) => holes(english).join() !== holes(chinese).join())).toEqual([]);
});

it("every label and sentence of a model card has a Chinese one", () => {
  const source = readFileSync(join(import.meta.dirname, "../../../ml/models/card.py"), "utf8");
  const known = new Set(card.map(([english]) => english));
  const sentencesOf = [...source.matchAll(/^[A-Z_]+ = \(\n((?: {4}"[^\n]*"\n)+)\)/gm)].map((match) =>
    [...(match[1] ?? "").matchAll(/"([^"\n]*)"\n/g)].map((part) => part[1]).join("").replace(/^> /, ""),
  );
  const metrics = [...source.matchAll(/^ {4}\("\w+", "([^"]+)"\),/gm)].map((match) => match[1] ?? "");
  const labels = [...source.matchAll(/^ {8}"([A-Z][^"]*)": /gm)].map((match) => match[1] ?? "");
  const headings = [...source.matchAll(/"## ([^"]+)"/g)].map((match) => match[1] ?? "");
  const columns = [...source.matchAll(/"\| ([a-z][^"]*) \|"/g)].flatMap((match) => (match[1] ?? "").split(" | "));
  for (const [found, least] of [[sentencesOf, 6], [metrics, 9], [labels, 12], [headings, 3], [columns, 6]] as const) {
    expect(found.length).toBeGreaterThanOrEqual(least);
    expect(found.filter((text) => !known.has(text))).toEqual([]);
  }
});
