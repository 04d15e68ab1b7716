/**
 * Prints what a browser loads: the entry (every page needs it) and each page's own part, gzip, in kB (1000 bytes).
 *
 * Fails where the entry is larger than its budget. With --write the table goes to docs/results/bundle.md.
 */
import { readFile, readdir, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

/** Measured 367 kB on 2026-11-22; the rest is room for some pages' words. */
const ENTRY_BUDGET_KB = 400;

const dist = new URL("../dist/", import.meta.url);
const assets = new URL("assets/", dist);
const page = await readFile(new URL("index.html", dist), "utf8");
const sizes = new Map();
for (const name of await readdir(assets)) {
  if (/\.(js|css)$/.test(name)) sizes.set(name, gzipSync(await readFile(new URL(name, assets))).length / 1000);
}
const entry = [...new Set([...page.matchAll(/assets\/([\w.-]+\.(?:js|css))/g)].map((match) => match[1]))];
const total = entry.reduce((sum, name) => sum + (sizes.get(name) ?? 0), 0);
const rows = [...sizes].filter(([name]) => !entry.includes(name)).sort((a, b) => b[1] - a[1]);
const plain = (name) => name.replace(/-[\w-]{8}(?=\.)/, "");
const table = [
  "| part | gzip, kB |",
  "|---|---:|",
  `| entry, ${entry.length} files | ${total.toFixed(1)} |`,
  ...rows.map(([name, size]) => `| ${plain(name)} | ${size.toFixed(1)} |`),
].join("\n");
process.stdout.write(`${table}\n`);
if (process.argv.includes("--write")) {
  const head = "# What a browser loads\n\nMade by `cd frontend && npm run build && node scripts/sizes.mjs --write`. Each page loads the\nentry once and then its own part; figures load plotly, once.\n\n";
  await writeFile(fileURLToPath(new URL("../../docs/results/bundle.md", import.meta.url)), `${head}${table}\n`);
}
if (total > ENTRY_BUDGET_KB) {
  process.stderr.write(`The entry is ${total.toFixed(1)} kB; its budget is ${ENTRY_BUDGET_KB} kB.\n`);
  process.exitCode = 1;
}
