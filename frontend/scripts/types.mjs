/**
 * Writes src/api/schema.d.ts from the OpenAPI schema of the server beside this folder.
 *
 * With --check it writes nothing and fails when the committed types differ: then `npm run types`.
 * HEPASTAGE_PYTHON names another Python than the one of ../.venv.
 */
import { spawnSync } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import openapiTS, { astToString } from "openapi-typescript";

const root = fileURLToPath(new URL("../../", import.meta.url));
const output = new URL("../src/api/schema.d.ts", import.meta.url);
const python = process.env.HEPASTAGE_PYTHON ?? join(root, ".venv", "bin", "python");
const banner = "/** Generated from the OpenAPI schema by `npm run types`. Do not edit. */\n\n";

const home = await mkdtemp(join(tmpdir(), "hepastage-types-"));
try {
  const schema = join(home, "schema.yaml");
  const made = spawnSync(python, ["manage.py", "spectacular", "--file", schema], {
    cwd: root,
    env: { ...process.env, HEPASTAGE_HOME: home },
    encoding: "utf8",
  });
  if (made.status !== 0) throw new Error(`manage.py spectacular failed:\n${made.stderr || made.error}`);
  const text = banner + astToString(await openapiTS(pathToFileURL(schema)));
  if (!process.argv.includes("--check")) await writeFile(output, text);
  else if ((await readFile(output, "utf8").catch(() => "")) !== text) {
    process.stderr.write("src/api/schema.d.ts does not match the API: cd frontend && npm run types\n");
    process.exitCode = 1;
  }
} finally {
  await rm(home, { recursive: true, force: true });
}
