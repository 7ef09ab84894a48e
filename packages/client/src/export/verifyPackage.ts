import { openStream, type Identities } from "./ageFile.ts";
import { ExportError } from "./exportError.ts";
import { parsePackageManifest } from "./packageManifest.ts";
import { readZip } from "./readZip.ts";
import { MANIFEST, type ManifestPart, type RunningHash } from "./zipFile.ts";

/** What a package holds. */
export interface PackageReport {
  /** The manifest as it stands. */
  readonly manifest: Record<string, unknown>;
  readonly parts: readonly ManifestPart[];
}

/**
 * Opens a package and compares every file with its manifest. `read` gives the sealed bytes from the start, twice.
 * Errors: `wrong-identity`, `package-broken` naming the files that differ.
 */
export async function verifyPackage(
  read: () => AsyncGenerator<Uint8Array>,
  { by, startHash }: { by: Identities; startHash: () => RunningHash },
): Promise<PackageReport> {
  const { parts, kept } = await readZip(() => openStream(read(), by), {
    startHash,
    keep: [MANIFEST],
  });
  const manifest = parsePackageManifest(kept.get(MANIFEST));
  const files = parts.filter(({ name }) => name !== MANIFEST);
  const told = new Map(manifest.parts.map((part) => [part.name, part]));
  const wrong = files.filter(({ name, sizeBytes, sha256 }) => {
    const part = told.get(name);
    return part?.sha256 !== sha256 || part.sizeBytes !== sizeBytes;
  });
  const missing = manifest.parts.filter(({ name }) => !files.some((file) => file.name === name));
  const details = [...wrong, ...missing].map(({ name }) => name);
  if (details.length > 0) throw new ExportError("package-broken", { details });
  return { manifest, parts: files };
}
