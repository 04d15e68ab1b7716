import { expect, it } from "vitest";
import { sentences } from "./zh/sentences";

it("a composed sentence has the same particulars in both languages", () => {
  const holes = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]).sort();
  expect(sentences.filter(([english, chinese]) => holes(english).join() !== holes(chinese).join())).toEqual([]);
});
