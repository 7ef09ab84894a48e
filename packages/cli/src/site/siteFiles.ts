import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

import { cachingOf } from "./siteHeaders.ts";

const TYPES: Readonly<Record<string, string>> = {
  css: "text/css; charset=utf-8",
  html: "text/html; charset=utf-8",
  ico: "image/x-icon",
  js: "text/javascript; charset=utf-8",
  json: "application/json",
  png: "image/png",
  sig: "text/plain; charset=utf-8",
  svg: "image/svg+xml",
  txt: "text/plain; charset=utf-8",
  wasm: "application/wasm",
  webmanifest: "application/manifest+json",
  woff2: "font/woff2",
};
const CODINGS = [
  ["br", ".br"],
  ["gzip", ".gz"],
] as const;
const INDEX = "/index.html";

/** One file as it is served. */
export interface SiteFile {
  readonly type: string;
  readonly caching: string;
  readonly bytes: Uint8Array;
  /** The same bytes, compressed when it was built. */
  readonly coded: ReadonlyMap<string, Uint8Array>;
}

/** The files of a folder by their paths from its top; the compressed twins are not among them. */
export function listSite(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length).replaceAll("\\", "/"))
    .filter((path) => !CODINGS.some(([, ending]) => path.endsWith(ending)))
    .toSorted();
}

function readFileIfThere(path: string): Uint8Array | null {
  try {
    return readFileSync(path);
  } catch {
    return null;
  }
}

/**
 * A built web client, whole, in memory: what is asked for is looked up among the names that it has, so no path leads out of it,
 * and a build that comes meanwhile changes nothing of what is served.
 */
export class SiteFiles {
  readonly #files: ReadonlyMap<string, SiteFile>;

  constructor(folder: string) {
    this.#files = new Map(
      listSite(folder).map((path) => {
        const whole = join(folder, path);
        const coded = CODINGS.flatMap(([coding, ending]): [string, Uint8Array][] => {
          const bytes = readFileIfThere(whole + ending);
          return bytes === null ? [] : [[coding, bytes]];
        });
        const type = TYPES[path.slice(path.lastIndexOf(".") + 1)] ?? "application/octet-stream";
        const file = { type, caching: cachingOf(path), bytes: readFileSync(whole) };
        return [path, { ...file, coded: new Map(coded) }];
      }),
    );
  }

  /** What a path leads to: a file, or the page itself where the path is one of the page's own routes. */
  find(path: string): SiteFile | null {
    if (path === "/") return this.#files.get(INDEX) ?? null;
    const found = this.#files.get(path);
    if (found !== undefined) return found;
    const isRoute = /^(?:\/[\w~-]+)+\/?$/.test(path) && !path.startsWith("/assets");
    return isRoute ? (this.#files.get(INDEX) ?? null) : null;
  }
}

/** The best coding that a file has and a request takes. */
export function chooseCoding(
  { coded, bytes }: SiteFile,
  accepted: string,
): { coding: string | null; body: Uint8Array } {
  const takes = new Set(
    accepted
      .split(",")
      .map((part) => part.trim())
      .filter((part) => !/;\s*q=0(?:\.0*)?$/.test(part))
      .map((part) => (part.split(";")[0] ?? "").trim().toLowerCase()),
  );
  for (const [coding, body] of coded) if (takes.has(coding)) return { coding, body };
  return { coding: null, body: bytes };
}
