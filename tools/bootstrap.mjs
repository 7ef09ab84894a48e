// Runs on whatever Node the machine has (20 or newer), before anything is installed: no imports but Node's own.
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { constants } from "node:os";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const modules = join(root, "node_modules");
const recordedHash = join(modules, ".sinetti-lock");
const pinnedNode = join(modules, `node-${process.platform}-${process.arch}`, "bin", "node");

const programs = {
  start: [join(root, "packages/cli/src/main.ts"), "start"],
  test: [join(root, "tools/check.ts")],
  check: [join(root, "tools/check.ts"), "pure"],
  mutants: [join(root, "tools/mutants.ts")],
  screens: [join(root, "tools/screens.ts")],
  newcomer: [join(root, "tools/newcomer.ts")],
  format: [join(modules, "oxfmt/bin/oxfmt"), root],
};

function hashLock() {
  return createHash("sha256")
    .update(readFileSync(join(root, "package-lock.json")))
    .digest("hex");
}

function isInstalled() {
  return existsSync(recordedHash) && readFileSync(recordedHash, "utf8") === hashLock();
}

function record() {
  mkdirSync(modules, { recursive: true });
  writeFileSync(recordedHash, hashLock());
}

function stopWith(...lines) {
  for (const line of lines) console.error(line);
  process.exit(1);
}

function install() {
  console.error("Installing what package-lock.json names (needed once, and after it changes) …");
  const npm = process.env.npm_execpath?.endsWith(".js")
    ? [process.execPath, process.env.npm_execpath]
    : ["npm"];
  const [command, ...args] = [...npm, "ci", "--no-audit", "--no-fund", "--loglevel=error"];
  const done = spawnSync(command, args, { cwd: root, stdio: ["ignore", 2, 2] });
  if (done.error || done.status !== 0) {
    stopWith("", "The installation failed; npm says why above. To try by hand: npm ci");
  }
  record();
}

/** The locked binary; on a platform that has none, this very Node when it is of the same release line. */
function findNode() {
  if (existsSync(pinnedNode)) return pinnedNode;
  if (process.versions.node.startsWith("24.")) return process.execPath;
  return stopWith(
    `Sinetti runs on Node 24. Its own copy is not installed at ${pinnedNode}.`,
    "Either npm was told to leave optional packages out; then run: npm ci --include=optional",
    `or there is none for ${process.platform} on ${process.arch}; then install Node 24 and run this again.`,
  );
}

/** Passes signals on and ends as the program ended, so that a caller sees no difference. */
function run(node, args) {
  const path = [join(modules, ".bin"), process.env.PATH].join(delimiter);
  // What was compiled once is not compiled again, by any of the many processes that this starts.
  const env = {
    ...process.env,
    PATH: path,
    NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? join(modules, ".cache", "sinetti"),
  };
  const child = spawn(node, args, { stdio: "inherit", env });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"])
    process.on(signal, () => child.kill(signal));
  child.on("error", (error) => stopWith(`Node could not be started: ${error.message}`));
  child.on("exit", (code, signal) => process.exit(code ?? 128 + (constants.signals[signal] ?? 0)));
}

const [name, ...args] = process.argv.slice(2);
if (name === "record") {
  record();
} else if (Object.hasOwn(programs, name)) {
  if (!isInstalled()) install();
  run(findNode(), [...programs[name], ...args]);
} else {
  stopWith(`usage: node tools/bootstrap.mjs ${Object.keys(programs).join("|")}`);
}
