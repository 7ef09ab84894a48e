import { hexToBytes, type FileId, type Secret } from "@sinetti/core";
import { importKeyFromBytes } from "@sinetti/core/secret";
import type { Client } from "../client.ts";
import { hardStop } from "../errors.ts";
import { openDirectory } from "./directory.ts";
import { Listing } from "./listing.ts";
import { listGranted } from "./practiceFiles.ts";

/** What one run of an import knows from its start. */
export interface ImportRun {
  readonly importKey: Secret<"import-key">;
  /** Files that this member held before the run. */
  readonly granted: ReadonlySet<FileId>;
  readonly listing: Listing;
}

/** Begins a run: nothing is opened but, once on each device, the directory for its import key. */
export async function beginRun(
  client: Client,
  { nameless }: { nameless?: string } = {},
): Promise<ImportRun> {
  const importKey = await loadImportKey(client);
  const [who, what] = await Promise.all([
    listGranted(client.context, "who"),
    listGranted(client.context, "what"),
  ]);
  const granted = new Set([...who, ...what].map(({ file }) => file));
  return { importKey, granted, listing: new Listing(client, nameless) };
}

const IMPORT_KEY_CELL = "own/import-key";

/** Kept sealed on this device, so that a second import has nothing to open. */
async function loadImportKey({ context }: Client): Promise<Secret<"import-key">> {
  const kept = await context.device.read(IMPORT_KEY_CELL);
  if (kept !== null) return importKeyFromBytes(kept);
  const practice = (await openDirectory(context)).values.get("practice");
  if (practice?.kind !== "practice") throw hardStop("the directory does not name its practice");
  const bytes = hexToBytes(practice.importKey);
  await context.device.write([context.device.seal(IMPORT_KEY_CELL, bytes)]);
  return importKeyFromBytes(bytes);
}
