import type { Context } from "../context.ts";
import { fetchFiles } from "../fetchFiles.ts";
import type { KnownFile } from "../fileCache.ts";

/** Fetches what this device has only the headers of: a write that met a colleague's reads no more than it needs. */
export async function refill(context: Context, file: KnownFile): Promise<void> {
  if (file.links.some(({ boxes }) => boxes === null)) await fetchFiles(context, [file], {});
}
