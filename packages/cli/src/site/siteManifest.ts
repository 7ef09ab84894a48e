import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { z } from "zod";

import { SiteError } from "./siteError.ts";
import { listSite } from "./siteFiles.ts";

/** Beside the files that it names. */
export const MANIFEST = "manifest.json";
export const SIGNATURE = "manifest.sig";

const shape = z.strictObject({
  v: z.literal(1),
  version: z.string().max(128),
  files: z.array(
    z.strictObject({
      path: z.string().regex(/^(?:\/[\w.@+-]+)+$/),
      sha256: z.string().regex(/^[0-9a-f]{64}$/),
      bytes: z.int().nonnegative(),
    }),
  ),
});
/** Every file of a built web client, by its SHA-256. */
export type SiteManifest = z.infer<typeof shape>;

export function hashHex(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** The manifest that `bytes` hold. Error: `manifest-unreadable`. */
export function parseManifest(bytes: Uint8Array): SiteManifest {
  try {
    return shape.parse(JSON.parse(new TextDecoder().decode(bytes)));
  } catch (cause) {
    throw new SiteError("manifest-unreadable", [], { cause });
  }
}

/** Writes down what a folder holds. */
export function writeManifest(folder: string, version: string): void {
  const files = listSite(folder)
    .filter((path) => path !== `/${MANIFEST}` && path !== `/${SIGNATURE}`)
    .map((path) => {
      const bytes = readFileSync(join(folder, path));
      return { path, sha256: hashHex(bytes), bytes: bytes.length };
    });
  const manifest: SiteManifest = { v: 1, version, files };
  writeFileSync(join(folder, MANIFEST), `${JSON.stringify(manifest, null, 1)}\n`);
}
