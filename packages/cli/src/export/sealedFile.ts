import { createHash } from "node:crypto";
import { existsSync, unlinkSync } from "node:fs";
import { open, rename, unlink } from "node:fs/promises";
import { dirname } from "node:path";

import { UsageError } from "../inputError.ts";
import { syncFolder } from "../start/syncFolder.ts";

/** A file that was written whole: its place, its size, and the SHA-256 of its bytes in hexadecimal. */
export interface WrittenFile {
  readonly file: string;
  readonly bytes: number;
  readonly sha256: string;
}

/**
 * Writes a sealed file under a temporary name and gives it its own once it is whole and on the disk; whatever goes wrong, and
 * whatever ends the process on its own accord, leaves nothing. Error: UsageError where a file of that name is there.
 */
export async function writeSealedFile<T>(
  path: string,
  fill: (write: (bytes: Uint8Array) => Promise<void>) => Promise<T>,
  { mayReplace = false }: { mayReplace?: boolean } = {},
): Promise<WrittenFile & { readonly value: T }> {
  if (!mayReplace && existsSync(path))
    throw new UsageError(`${path} is there already. Nothing was written; name another place.`);
  const draft = `${path}.part`;
  // Always a new file: one that lies there may be open to others, or a link.
  await unlink(draft).catch(() => undefined);
  const file = await open(draft, "wx", 0o600);
  const drop = (): void => {
    if (existsSync(draft)) unlinkSync(draft);
  };
  process.once("exit", drop);
  const hash = createHash("sha256");
  let bytes = 0;
  try {
    const value = await fill(async (chunk) => {
      hash.update(chunk);
      bytes += chunk.length;
      await file.writeFile(chunk);
    });
    await file.sync();
    await file.close();
    await rename(draft, path);
    syncFolder(dirname(path));
    return { file: path, bytes, sha256: hash.digest("hex"), value };
  } catch (error) {
    await file.close();
    await unlink(draft).catch(() => undefined);
    throw error;
  } finally {
    process.off("exit", drop);
  }
}
