import { createHash } from "node:crypto";

import type { ExportTools, RunningHash } from "@sinetti/client";
import { renderPdf } from "@sinetti/paper/pdf";

import type { Shell } from "../shell.ts";

/** SHA-256 by Node. */
export function startHash(): RunningHash {
  const hash = createHash("sha256");
  return {
    update: (bytes) => void hash.update(bytes),
    digest: () => new Uint8Array(hash.digest()),
  };
}

/** What an export on this machine works with. */
export function exportTools(
  shell: Shell,
  { write, onProgress }: Pick<ExportTools, "write" | "onProgress">,
): ExportTools {
  return {
    renderPdf,
    startHash,
    zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    write,
    onProgress,
    isStopped: () => shell.interrupt.isAsked,
  };
}
