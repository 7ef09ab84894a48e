import { LIMITS, VAULT_ROUTES, epochAt, type FileId, type Secret } from "@sinetti/core";
import type { Context } from "./context.ts";
import type { KnownFile } from "./fileCache.ts";

/** Opens the member halves of files for a grant: they are not kept after an opening, so the wraps are asked for once more. */
export async function openMemberHalves(
  context: Context,
  files: readonly KnownFile[],
): Promise<Map<FileId, Secret<"member-half">>> {
  const halves = new Map<FileId, Secret<"member-half">>();
  for (const vault of ["who", "what"] as const) {
    const here = files.filter((file) => file.vault === vault);
    for (let start = 0; start < here.length; start += LIMITS.itemsPerBatch) {
      const batch = here.slice(start, start + LIMITS.itemsPerBatch);
      const items = batch.map(({ file, access, links }) => ({
        file,
        access: access.heads.length,
        record: links.length,
      }));
      const { answer } = await context.services.call(vault, VAULT_ROUTES.fileOpen, {
        items,
        boxes: false,
      });
      for (const [index, file] of batch.entries()) {
        const got = answer.files[index];
        const { practice, compartment } = file.access;
        const keyContext = {
          practice,
          file: file.file,
          compartment,
          epoch: epochAt(file.access).epoch,
        };
        halves.set(
          file.file,
          context.keyring.openMemberHalf(got?.wraps ?? [], got?.batchKeys ?? [], keyContext),
        );
      }
    }
  }
  return halves;
}
