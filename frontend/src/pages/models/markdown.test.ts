import { expect, it } from "vitest";
import { blocksOf, spansOf } from "./markdown";

it("a model card is read as headings, paragraphs, lists, tables and code", () => {
  const card = "---\nname: x\n---\n# Title\n\nOne line\ntwo.\n\n> **Mind** this\n> well.\n\n- a\n- b\n\n| m | v |\n|---|--:|\n| acc | 0.8 |\n\n```\npython -m ml\n```\n";
  expect(blocksOf(card)).toEqual([
    { kind: "heading", level: 1, text: "Title" },
    { kind: "paragraph", text: "One line two." },
    { kind: "quote", text: "**Mind** this well." },
    { kind: "list", items: ["a", "b"] },
    { kind: "table", head: ["m", "v"], rows: [["acc", "0.8"]] },
    { kind: "code", text: "python -m ml" },
  ]);
});

it("strong words and code are told from plain text", () => {
  expect(spansOf("a **b** `c`").map((span) => span.style)).toEqual(["plain", "strong", "plain", "code"]);
});
