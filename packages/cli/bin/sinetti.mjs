#!/usr/bin/env node
// Runs on whatever Node the machine has, to hand over to the pinned one: no imports but Node's own.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import module from "node:module";
import { constants } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

// Node resolves the links on the way here (npx, a link on PATH), so this is the real place.
const home = dirname(dirname(fileURLToPath(import.meta.url)));
const root = dirname(dirname(home));
const main = join(home, "src", "main.ts");
const pinnedNode = join(
  root,
  "node_modules",
  `node-${process.platform}-${process.arch}`,
  "bin",
  "node",
);

// What it compiled once it need not compile at every command: half the time of a short one. Beside our own code, where
// nobody else can write; the system's temporary folder, Node's default, is open to everybody.
const compileCache = join(root, "node_modules", ".cache", "sinetti");

if (!existsSync(join(root, "node_modules", "commander"))) {
  console.error(`Sinetti's dependencies are not installed. In ${root}, run: npm install`);
  process.exit(1);
}

/** npx runs this in a shell that passes no signal on: that shell's end is the only word of it. */
function stopWithShell(stop) {
  if (process.env.npm_command !== "exec") return;
  const shell = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === shell) return;
    clearInterval(timer);
    stop();
  }, 200);
  timer.unref();
}

if (process.versions.node.startsWith("24.")) {
  stopWithShell(() => process.kill(process.pid, "SIGTERM"));
  process.argv[1] = main;
  module.enableCompileCache(compileCache);
  // For the services that it starts.
  process.env.NODE_COMPILE_CACHE ??= compileCache;
  await import(pathToFileURL(main).href);
} else if (existsSync(pinnedNode)) {
  const child = spawn(pinnedNode, [main, ...process.argv.slice(2)], {
    stdio: "inherit",
    env: { ...process.env, NODE_COMPILE_CACHE: compileCache },
  });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"])
    process.on(signal, () => child.kill(signal));
  stopWithShell(() => child.kill("SIGTERM"));
  child.on("error", (error) => {
    console.error(`Node could not be started: ${error.message}`);
    process.exit(1);
  });
  child.on("exit", (code, signal) => process.exit(code ?? 128 + (constants.signals[signal] ?? 0)));
} else {
  console.error(
    `Sinetti runs on Node 24, and its own copy is missing. In ${root}, run: npm install --include=optional`,
  );
  process.exit(1);
}
