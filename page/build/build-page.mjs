// Builds the page for the .NET build: at most one builder at a time, and none if there is nothing to do.
//
// Several .NET builds may run at once (test hosts, an editor beside a terminal). The first takes the lock;
// the others wait, find the page of these very sources ready, and leave.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

process.chdir(join(dirname(fileURLToPath(import.meta.url)), ".."));

const page = "dist/report.html";
const builtFrom = "dist/sources.sha256";
const installedFrom = "node_modules/.installed.sha256";
const lock = "dist/building";
const patience = 300_000;

function hash(files) {
  const digest = createHash("sha256");
  for (const file of files) digest.update(`${file}\0`).update(readFileSync(file)).update("\0");
  return digest.digest("hex");
}

function filesUnder(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).replaceAll("\\", "/"))
    .sort();
}

function stamp(path) {
  return existsSync(path) ? readFileSync(path, "utf8") : "";
}

function run(command) {
  const outcome = spawnSync(command, { shell: true, encoding: "utf8", env: { ...process.env, CI: "1", NO_COLOR: "1" } });
  if (outcome.status === 0) return;
  process.stdout.write(`${outcome.stdout ?? ""}${outcome.stderr ?? ""}`);
  throw new Error(`"${command}" failed (${outcome.error?.message ?? `exit code ${outcome.status}`})`);
}

function alive(processId) {
  try {
    process.kill(processId, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}

/** A lock whose owner has died, or which has no owner long after it was made, is taken away. */
function removeStaleLock() {
  try {
    const owner = stamp(join(lock, "owner"));
    const stale = owner === "" ? Date.now() - statSync(lock).mtimeMs > 10_000 : !alive(Number(owner));
    if (stale) rmSync(lock, { recursive: true, force: true });
  } catch {
    // It went away by itself.
  }
}

async function takeLock() {
  mkdirSync(dirname(lock), { recursive: true });
  for (const start = Date.now(); Date.now() - start < patience; ) {
    try {
      mkdirSync(lock);
      writeFileSync(join(lock, "owner"), String(process.pid));
      return;
    } catch (error) {
      if (error.code !== "EEXIST") throw error;
      removeStaleLock();
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  throw new Error("another build of the page did not end");
}

function build() {
  const install = hash(["package.json", "package-lock.json"]);
  const sources = hash([
    "package.json", "package-lock.json", "index.html", "vite.config.ts", "tsconfig.json",
    ...filesUnder("build"), ...filesUnder("src"),
  ]);
  if (existsSync(page) && stamp(builtFrom) === sources) {
    // Same contents under a newer date: only the date of the result has to follow.
    utimesSync(page, new Date(), new Date());
    return;
  }
  if (stamp(installedFrom) !== install) {
    // Without a network this should fail at once rather than try again for minutes.
    run("npm ci --prefer-offline --no-audit --no-fund --fetch-retries=0 --fetch-timeout=60000");
    writeFileSync(installedFrom, install);
  }
  run("npm run build");
  writeFileSync(builtFrom, sources);
}

try {
  await takeLock();
  try {
    build();
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
} catch (error) {
  console.log(error.message);
  process.exitCode = 1;
}
