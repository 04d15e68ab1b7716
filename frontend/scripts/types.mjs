/**
 * Generates src/api/schema.d.ts from the OpenAPI schema (`manage.py spectacular --file frontend/schema.yaml`).
 * With --check it writes nothing and fails when the committed types differ.
 */
import { readFile, writeFile } from "node:fs/promises";
import openapiTS, { astToString } from "openapi-typescript";

const schema = new URL("../schema.yaml", import.meta.url);
const output = new URL("../src/api/schema.d.ts", import.meta.url);
const banner = "/** Generated from the OpenAPI schema by `npm run types`. Do not edit. */\n\n";
const text = banner + astToString(await openapiTS(schema));

if (process.argv.includes("--check")) {
  const committed = await readFile(output, "utf8").catch(() => "");
  if (committed !== text) {
    process.stderr.write("src/api/schema.d.ts does not match schema.yaml: run `npm run types`.\n");
    process.exitCode = 1;
  }
} else {
  await writeFile(output, text);
}
