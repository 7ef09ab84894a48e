import { closeSync, existsSync, fsyncSync, openSync, writeSync } from "node:fs";
import { dirname } from "node:path";

import { renderMarkdown, type Paper } from "@sinetti/paper";
import { renderPdf } from "@sinetti/paper/pdf";

import { UsageError } from "./inputError.ts";
import { syncFolder } from "./start/syncFolder.ts";

/** Refuses to write over a file: what is on paper once may be nowhere else. Error: UsageError. */
export function refuseExisting(paths: readonly string[]): void {
  const found = paths.find((path) => existsSync(path));
  if (found !== undefined)
    throw new UsageError(`${found} is there already. Nothing was written; name another place.`);
}

/** Writes a paper for its owner's eyes alone, as PDF or text by the end of the name and signed by `sign`, so that it lasts. */
export async function writePaper(
  path: string,
  paper: Paper,
  { sign = (bytes) => bytes }: { sign?: (bytes: Uint8Array) => Uint8Array } = {},
): Promise<void> {
  const isPdf = path.toLowerCase().endsWith(".pdf");
  const bytes = sign(
    isPdf ? await renderPdf(paper) : new TextEncoder().encode(renderMarkdown(paper)),
  );
  const file = openSync(path, "wx", 0o600);
  try {
    writeSync(file, bytes);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  syncFolder(dirname(path));
}
