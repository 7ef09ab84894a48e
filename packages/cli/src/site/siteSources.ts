import { createHash } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative, sep } from "node:path";

const require = createRequire(import.meta.url);
/** The package of the web client. */
export const WEB = dirname(require.resolve("@sinetti/web/package.json"));
const ROOT = dirname(dirname(WEB));
/** What is not part of the program, or is made from it. */
const LEFT_OUT = new Set(["node_modules", "dist", "test"]);
/** Packages whose source the web client is built from; what they need of others is in the lock file. */
const PACKAGES = ["web", "client", "core", "paper", "practice", "response"];

function filesUnder(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (LEFT_OUT.has(entry.name)) return [];
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return filesUnder(path);
    return entry.isFile() ? [path] : [];
  });
}

/** One hash over everything that a build of the web client depends on; 32 hexadecimal digits. */
export function hashSources(): string {
  const files = PACKAGES.flatMap((name) => filesUnder(join(ROOT, "packages", name)));
  const hash = createHash("sha256");
  for (const path of [join(ROOT, "package-lock.json"), ...files].toSorted()) {
    const bytes = readFileSync(path);
    hash.update(`${relative(ROOT, path).replaceAll(sep, "/")}\0${bytes.length}\0`).update(bytes);
  }
  return hash.digest("hex").slice(0, 32);
}

/** Where builds are kept: beside the dependencies that they were made with, which git leaves out. */
export const BUILDS = join(ROOT, "node_modules", ".cache", "sinetti", "web");
