import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { en } from "./en";
import { zh } from "./zh";

const SOURCE = join(import.meta.dirname, "..");

function leaves(value: object, prefix = ""): [string, string][] {
  return Object.entries(value).flatMap(([key, inner]): [string, string][] =>
    typeof inner === "string" ? [[prefix + key, inner]] : leaves(inner as object, `${prefix}${key}.`),
  );
}

const english = new Map(leaves(en));
const chinese = new Map(leaves(zh).filter(([key]) => !key.startsWith("server.")));

function sources(pattern: RegExp): { path: string; text: string }[] {
  return readdirSync(SOURCE, { recursive: true, encoding: "utf8" })
    .filter((path) => pattern.test(path) && !path.startsWith("i18n") && !path.includes(".test."))
    .map((path) => ({ path, text: readFileSync(join(SOURCE, path), "utf8") }));
}

describe("the two dictionaries", () => {
  it("have the same keys", () => {
    expect([...chinese.keys()].sort()).toEqual([...english.keys()].sort());
  });

  it("leave no word empty", () => {
    const empty = [...english, ...chinese].filter(([, words]) => !words.trim()).map(([key]) => key);
    expect(empty).toEqual([]);
  });

  it("fill in the same particulars", () => {
    const holes = (words: string) => [...words.matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1]).sort();
    const different = [...english].filter(
      ([key, words]) => JSON.stringify(holes(words)) !== JSON.stringify(holes(chinese.get(key) ?? "")),
    );
    expect(different).toEqual([]);
  });

  it("are translated: what stays the same in both is a name, a unit or a file", () => {
    const same = [...english].filter(([key, words]) => words === chinese.get(key) && /[a-z]{4}/.test(words.replace(/{{\w+}}/g, "")));
    const known = /HepaStage|DICOMweb|predictions\.csv|metrics\.json|bfloat16|DeLong|McNemar/;
    expect(same.filter(([, words]) => !known.test(words))).toEqual([]);
  });

  it("hold nothing that no page uses", () => {
    const text = sources(/\.tsx?$/)
      .map((source) => source.text)
      .join("\n");
    // Keys made at run time are recognised by their prefix: `t(\`upload.outcome.${state}\`)`.
    const prefixes = [...text.matchAll(/[`"]([a-z][\w.]*\.)\$\{/gi)].map((match) => match[1] ?? "");
    const used = (key: string) => {
      const plain = key.replace(/_(one|other)$/, "");
      return text.includes(`"${plain}"`) || prefixes.some((prefix) => key.startsWith(prefix));
    };
    const dictionaries = ["spec."]; // options of the schema form, by path
    const unused = [...english.keys()].filter((key) => !used(key) && !dictionaries.some((one) => key.startsWith(one)));
    expect(unused).toEqual([]);
  });
});

/** Attributes that a person reads or hears. */
const SPOKEN = new Set(["label", "title", "placeholder", "description", "aria-label", "alt", "legend", "error"]);

function wordsInside(path: string, text: string): string[] {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX);
  const found: string[] = [];
  const isWords = (words: string) => /[\p{L}]{2,}/u.test(words);
  const visit = (node: ts.Node): void => {
    if (ts.isJsxText(node) && isWords(node.text)) found.push(node.text.trim());
    if (ts.isJsxAttribute(node) && SPOKEN.has(node.name.getText()) && node.initializer) {
      const value = ts.isJsxExpression(node.initializer) ? node.initializer.expression : node.initializer;
      if (value && ts.isStringLiteralLike(value) && isWords(value.text)) found.push(value.text);
    }
    if (
      ts.isJsxExpression(node) &&
      !ts.isJsxAttribute(node.parent) &&
      node.expression &&
      ts.isStringLiteralLike(node.expression) &&
      isWords(node.expression.text)
    ) {
      found.push(node.expression.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

describe("the pages", () => {
  it.each(sources(/\.tsx$/).map(({ path, text }) => [path, text] as const))(
    "%s has every word from the dictionaries",
    (path, text) => {
      expect(wordsInside(path, text)).toEqual([]);
    },
  );
});
