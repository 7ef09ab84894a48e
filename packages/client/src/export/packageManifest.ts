import { ExportError } from "./exportError.ts";
import { MANIFEST, type ManifestPart } from "./zipFile.ts";

const HASH = /^[0-9a-f]{64}$/;

/** What a package says of itself. */
export type PackageManifest = Record<string, unknown> & { readonly parts: readonly ManifestPart[] };

/** Reads the file that names all others of a package; undefined: there is none. Error: `package-broken`. */
export function parsePackageManifest(bytes: Uint8Array | undefined): PackageManifest {
  const broken = new ExportError("package-broken", { details: [MANIFEST] });
  if (bytes === undefined) throw broken;
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    throw broken;
  }
  if (!isManifest(value)) throw broken;
  return value;
}

function isManifest(value: unknown): value is PackageManifest {
  const { parts } = (value ?? {}) as Record<string, unknown>;
  return Array.isArray(parts) && parts.every(isPart);
}

function isPart(value: unknown): boolean {
  const { name, sizeBytes, sha256 } = (value ?? {}) as Record<string, unknown>;
  return (
    typeof name === "string" &&
    Number.isSafeInteger(sizeBytes) &&
    typeof sha256 === "string" &&
    HASH.test(sha256)
  );
}
