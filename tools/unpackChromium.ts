import { execFileSync } from "node:child_process";
import {
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

import type { FoundBrowser } from "./browser.ts";
import { root } from "./step.ts";

const PROGRAM = "usr/lib/chromium/chromium";
/** The C library belongs to the system's loader: another one beside it runs nothing. */
const OF_THE_SYSTEM = /^(?:libc6|libc-bin)_/;
const LIBRARIES = "{usr/lib,lib}/*-linux-gnu*";

/** A folder that outlives an installation of dependencies, where there is a home to write to. */
function makeCache(): string {
  const wanted = [
    process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"),
    join(root, "node_modules", ".cache"),
  ].map((parent) => join(parent, "sinetti", "chromium"));
  for (const folder of wanted) {
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      return folder;
    } catch {
      // No home, or one that is read-only: try the next.
    }
  }
  throw new Error(`Nothing can be written to ${wanted.join(" or ")}.`);
}

function run(command: string, args: readonly string[]): string {
  try {
    return execFileSync(command, args, {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
      maxBuffer: 64 * 1024 * 1024,
    });
  } catch (cause) {
    const said = cause instanceof Error && "stderr" in cause ? String(cause.stderr).trim() : "";
    throw new Error(`${command} failed:\n${said.split("\n").slice(-5).join("\n")}`, { cause });
  }
}

/** apt as an ordinary user: the system's sources and keys, lists and packages in a folder of one's own, nothing installed. */
function download(draft: string): string {
  const [state, cache] = [join(draft, "state"), join(draft, "cache")];
  const packages = join(cache, "archives");
  for (const folder of [join(state, "lists", "partial"), join(packages, "partial")])
    mkdirSync(folder, { recursive: true });
  const own = [
    `Dir::State=${state}`,
    "Dir::State::status=/var/lib/dpkg/status",
    `Dir::Cache=${cache}`,
    "Debug::NoLocking=true",
    "Acquire::Retries=2",
  ].flatMap((option) => ["-o", option]);
  run("apt-get", [...own, "-qq", "update"]);
  run("apt-get", [
    ...own,
    "-qq",
    "install",
    "--download-only",
    "--yes",
    "--no-install-recommends",
    "chromium",
  ]);
  return packages;
}

/** Where the system has no fonts, those that came along. */
function fontsOf(unpacked: string): Record<string, string> {
  if (existsSync("/etc/fonts/fonts.conf")) return {};
  const file = join(unpacked, "fonts.conf");
  const folders = ["/usr/share/fonts", join(unpacked, "usr/share/fonts")];
  writeFileSync(
    file,
    `<?xml version="1.0"?>\n<fontconfig>\n${folders.map((each) => `  <dir>${each}</dir>\n`).join("")}  <cachedir>${join(unpacked, "fontcache")}</cachedir>\n</fontconfig>\n`,
  );
  return { FONTCONFIG_FILE: file };
}

function browserIn(unpacked: string): FoundBrowser {
  const libraries = globSync(LIBRARIES, { cwd: unpacked }).map((each) => join(unpacked, each));
  const path = [...libraries, process.env["LD_LIBRARY_PATH"]].filter(Boolean).join(":");
  return {
    executable: join(unpacked, PROGRAM),
    environment: { LD_LIBRARY_PATH: path, ...fontsOf(unpacked) },
  };
}

/** Chromium with what it needs, unpacked from the system's own packages where nobody is root. Throws with what failed. */
export function unpackChromium(onInstall: (how: string) => void): FoundBrowser {
  const home = makeCache();
  const unpacked = join(home, "unpacked");
  if (existsSync(join(unpacked, PROGRAM))) return browserIn(unpacked);
  onInstall(`Fetching Chromium for the browser tests into ${home} …`);
  const draft = mkdtempSync(join(home, "draft-"));
  try {
    const packages = download(draft);
    const target = join(draft, "unpacked");
    mkdirSync(target);
    for (const name of readdirSync(packages))
      if (name.endsWith(".deb") && !OF_THE_SYSTEM.test(name))
        run("dpkg", ["-x", join(packages, name), target]);
    if (!existsSync(join(target, PROGRAM)))
      throw new Error("The system's packages hold no Chromium of their own.");
    // Whoever came second finds the other's in its place.
    if (!existsSync(unpacked)) renameSync(target, unpacked);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
  return browserIn(unpacked);
}
