import { VAULT_ROUTES, type FileId, type Place, type Shaped } from "@sinetti/core";
import type { Context } from "./context.ts";
import { isRefusal } from "./errors.ts";
import type { KnownFile, RecordLink } from "./fileCache.ts";
import { withCatchUp } from "./handOver.ts";
import { returnSentWraps } from "./sentWraps.ts";

type Vault = "who" | "what";
type Listed = Shaped<(typeof VAULT_ROUTES.fileList)["answer"]>["files"][number];

/** Bytes of boxes that one request brings about. */
const REQUEST_BYTES = 4 * 1024 * 1024;

/** What a device gave back to a restored vault. */
export interface Returned {
  readonly appends: number;
  /** Statements whose wraps came back. */
  readonly wraps: number;
}

async function listFiles(context: Context, vault: Vault): Promise<Listed[]> {
  const files: Listed[] = [];
  for (let after: FileId | null = null, more = true; more;) {
    const { answer }: { answer: { files: Listed[]; more: boolean } } = await context.services.call(
      vault,
      VAULT_ROUTES.fileList,
      { after },
    );
    files.push(...answer.files);
    after = answer.files.at(-1)?.file ?? null;
    more = answer.more && after !== null;
  }
  return files;
}

/** What the vault lacks at the end of a chain, as far as this device has all of it; none where the vault shows another chain. */
function missingLinks(known: KnownFile, head: Place | null): RecordLink[] {
  const from = head === null ? 0 : head.seq + 1;
  if (head !== null && known.links[head.seq]?.link.hash !== head.hash) return [];
  const missing = known.links.slice(from);
  const gap = missing.findIndex(({ boxes }) => boxes === null);
  return gap === -1 ? missing : missing.slice(0, gap);
}

function* inRequests(links: readonly RecordLink[]): Generator<RecordLink[]> {
  let part: RecordLink[] = [];
  let bytes = 0;
  for (const link of links) {
    part.push(link);
    bytes += (link.boxes ?? []).reduce((sum, box) => sum + box.length, 0);
    if (bytes < REQUEST_BYTES && part.length < 256) continue;
    yield part;
    part = [];
    bytes = 0;
  }
  if (part.length > 0) yield part;
}

/** False: somebody else was faster, or the vault does not take it from this member; the next session looks again. */
async function giveBack(
  context: Context,
  vault: Vault,
  links: readonly RecordLink[],
): Promise<boolean> {
  try {
    for (const part of inRequests(links)) {
      const appends = part.map(({ link, boxes }) => ({
        statement: link.signed,
        boxes: [...(boxes ?? [])],
      }));
      await withCatchUp(context, vault, () =>
        context.services.call(vault, VAULT_ROUTES.recordReturn, { appends }),
      );
    }
    return true;
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return false;
  }
}

/** Gives a restored vault what this device has sent it or read from it and the backup did not hold yet. */
export async function returnRecords(context: Context, vault: Vault): Promise<Returned> {
  const wraps = await returnSentWraps(context, vault);
  let appends = 0;
  const listed = await listFiles(context, vault).catch((error: unknown) => {
    // Who is frozen gives nothing back; the next session looks again.
    if (isRefusal(error)) return [];
    throw error;
  });
  for (const { file, record } of listed) {
    const known = await context.files.get({ file });
    if (known === null || (known.record.head?.seq ?? -1) <= (record?.seq ?? -1)) continue;
    const missing = missingLinks(known, record);
    if (missing.length === 0 || !(await giveBack(context, vault, missing))) continue;
    appends += missing.length;
  }
  return { appends, wraps };
}
