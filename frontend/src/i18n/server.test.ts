import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { general } from "./zh/general";
import { server } from "./zh/server";

const ROOT = join(import.meta.dirname, "../../..");

function python(room: string): string {
  const folder = join(ROOT, room);
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".py") && !path.includes("migrations"))
    .map((path) => readFileSync(join(folder, path), "utf8"))
    .join("\n");
}

/** Codes of the command line and of the operator's console, and of fields, whose message stands at the field. */
const NOT_IN_A_BROWSER = new Set([
  "cannot-start",
  "backup-refused",
  "backup-damaged",
  "backup-overtaken",
  "house-not-empty",
  "house-in-use",
  "restore-failed",
  "demonstration-refused",
  "unexpected",
  "cancelled",
  "exam-or-pair",
  "stage",
  "runs-unfinished",
]);

describe("the server's own sentences", () => {
  const known = [...Object.keys(server.problems), ...Object.keys(server.warnings)];

  it("have a Chinese one for every reason to refuse a file", () => {
    const tables = [
      readFileSync(join(ROOT, "webapp/imaging/outcomes.py"), "utf8"),
      readFileSync(join(ROOT, "ml/dicom/refusal.py"), "utf8"),
    ].map((text) => text.slice(text.indexOf("REASONS:")));
    const codes = tables.flatMap((text) => [...text.matchAll(/^ {4}"([a-z-]+)": ?\(/gm)].map((match) => match[1]));
    expect(codes.length).toBeGreaterThan(30);
    expect(codes.filter((code) => code && !known.includes(code) && !NOT_IN_A_BROWSER.has(code))).toEqual([]);
  });

  it("have a Chinese one for every error of the web application", () => {
    const codes = [...python("webapp").matchAll(/(?:^ {4}code = |\bcode=|^ +"code": )"([a-z-]+)"/gm)].map(
      (match) => match[1],
    );
    expect(codes.length).toBeGreaterThan(30);
    expect(codes.filter((code) => code && !known.includes(code) && !NOT_IN_A_BROWSER.has(code))).toEqual([]);
  });

  it.each([
    ["ml/spec/training.py", server.spec, 15],
    ["ml/spec/segmentation.py", server.segmenterSpec, 2],
  ])("have Chinese titles for every field of %s", (file, words, least) => {
    const text = readFileSync(join(ROOT, file), "utf8");
    const fields = [...text.matchAll(/^ {4}(\w+): [^=]+= Field\(/gm)].map((match) => match[1]);
    expect(fields.length).toBeGreaterThan(least);
    const titled = JSON.stringify(words);
    expect(fields.filter((field) => field && !titled.includes(`"${field}":{"title"`))).toEqual([]);
  });

  it("have a Chinese name for every kind of job", () => {
    const kinds = [...python("webapp").matchAll(/^@handler\(\s*"([a-z.-]+)"/gm)].map((match) => match[1]?.replace(".", "-") ?? "");
    expect(kinds.length).toBeGreaterThan(8);
    expect(kinds.filter((kind) => !(kind in general.job.kind))).toEqual([]);
  });
});
