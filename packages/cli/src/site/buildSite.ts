import { execFile } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";

import { SiteError } from "./siteError.ts";
import { listSite } from "./siteFiles.ts";
import { MANIFEST, writeManifest } from "./siteManifest.ts";
import { BUILDS, WEB, hashSources } from "./siteSources.ts";

const COMPRESSED = /\.(?:html|js|css|svg|json|wasm|webmanifest|txt)$/;
/** Below this a compressed twin saves nothing that a person would notice. */
const SMALLEST = 1024;
const BROTLI = { params: { [constants.BROTLI_PARAM_QUALITY]: 10 } };
/** Builds of other sources that are kept: whoever changes back need not wait. */
const KEPT_BUILDS = 2;
const DRAFT = "draft-";
/** A dependency of the web client, found from there. */
const BUILDER = "vite";
const LINES_SHOWN = 8;

async function runVite(outDir: string): Promise<void> {
  const require = createRequire(join(WEB, "package.json"));
  const vite = join(dirname(require.resolve(`${BUILDER}/package.json`)), "bin", "vite.js");
  const { PATH, HOME, TMPDIR } = process.env;
  const args = [vite, "build", "--outDir", outDir, "--emptyOutDir", "--logLevel", "warn"];
  try {
    await promisify(execFile)(process.execPath, args, {
      cwd: WEB,
      env: { PATH, HOME, TMPDIR, NODE_ENV: "production" },
    });
  } catch (cause) {
    const said = cause instanceof Error && "stderr" in cause ? String(cause.stderr) : "";
    const lines = said.split("\n").filter((line) => line.trim() !== "");
    throw new SiteError("build-failed", lines.slice(0, LINES_SHOWN), { cause });
  }
}

async function compress(folder: string): Promise<void> {
  await Promise.all(
    listSite(folder)
      .filter((path) => COMPRESSED.test(path))
      .map(async (path) => {
        const whole = join(folder, path);
        const bytes = readFileSync(whole);
        if (bytes.length < SMALLEST) return;
        writeFileSync(`${whole}.br`, await promisify(brotliCompress)(bytes, BROTLI));
        writeFileSync(`${whole}.gz`, await promisify(gzip)(bytes, { level: 9 }));
      }),
  );
}

function versionOf(sources: string): string {
  const { version } = JSON.parse(readFileSync(join(WEB, "package.json"), "utf8")) as {
    version: string;
  };
  return `${version}+${sources}`;
}

function makeDraft(): string {
  try {
    mkdirSync(BUILDS, { recursive: true });
    return mkdtempSync(join(BUILDS, DRAFT));
  } catch (cause) {
    throw new SiteError("build-failed", [`nothing can be written to ${BUILDS}`], { cause });
  }
}

/** Puts a draft in its place whole; who comes second finds it there, and what it built is the same. */
function keep(draft: string, folder: string): void {
  try {
    renameSync(draft, folder);
  } catch (cause) {
    if (!existsSync(join(folder, MANIFEST))) throw new SiteError("build-failed", [], { cause });
  }
}

function dropOlder(current: string): void {
  const others = readdirSync(BUILDS)
    .filter((name) => name !== current && !name.startsWith(DRAFT))
    .map((name) => ({
      name,
      made: statSync(join(BUILDS, name), { throwIfNoEntry: false })?.mtimeMs,
    }))
    .toSorted((a, b) => (b.made ?? 0) - (a.made ?? 0));
  for (const { name } of others.slice(KEPT_BUILDS))
    rmSync(join(BUILDS, name), { recursive: true, force: true });
}

/**
 * The folder of the web client as its sources are now; builds it when there is none. Several may ask at once. Nothing is fetched.
 * Error: `build-failed`.
 */
export async function buildSite({ onBuild }: { onBuild?: () => void } = {}): Promise<string> {
  const sources = hashSources();
  const folder = join(BUILDS, sources);
  if (existsSync(join(folder, MANIFEST))) return folder;
  onBuild?.();
  const draft = makeDraft();
  try {
    await runVite(draft);
    writeManifest(draft, versionOf(sources));
    await compress(draft);
    keep(draft, folder);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
  dropOlder(sources);
  return folder;
}

/** Copies a build to a folder of its own, for a static host. Error: `file-exists`. */
export function copySite(built: string, out: string): void {
  if (existsSync(out) && readdirSync(out).length > 0) throw new SiteError("file-exists", [out]);
  cpSync(built, out, { recursive: true });
}
