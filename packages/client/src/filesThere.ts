import type { Context } from "./context.ts";
import { fetchFiles } from "./fetchFiles.ts";
import type { FileRef } from "./fileBook.ts";

/**
 * Those of some files whose ids are known beforehand that somebody has made and this member may see. What this device does not know is
 * asked of the vault: the gate's log is for openings, not for looking whether something is there.
 */
export async function filesThere<R extends FileRef>(
  context: Context,
  refs: readonly R[],
): Promise<R[]> {
  const known = await Promise.all(refs.map((ref) => context.files.get(ref)));
  const unknown = refs.filter(
    (ref, index) => known[index] === null && !context.files.isAbsent(ref),
  );
  const fetched = await fetchFiles(context, unknown, { boxes: false });
  for (const ref of unknown) if (!fetched.has(ref.file)) context.files.miss(ref);
  return refs.filter((ref, index) => known[index] !== null || fetched.has(ref.file));
}
