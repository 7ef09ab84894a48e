import {
  accessHead,
  hashStatement,
  LIMITS,
  practiceHead,
  vaultOf,
  type AccessBody,
  type FileId,
  type KeyEdge,
  type Place,
  type Signed,
} from "@sinetti/core";
import { signAccessStatement } from "@sinetti/core/secret";
import type { Context } from "../context.ts";
import { hardStop, isRefusal, isRefused, mustWait, ServiceRefusal } from "../errors.ts";
import { signOwnOrder } from "../giveOrder.ts";
import { standingOf } from "../lastHolder.ts";
import { submitAccess } from "../submitAccess.ts";
import { readReviewed, type ReviewedFile } from "./chains.ts";

/** What is to be done with one key edge. */
export interface KeyAct {
  /** Place of the edge in the snapshot. */
  readonly place: number;
  readonly edge: KeyEdge;
  readonly verdict: "keep" | "narrow" | "revoke";
  readonly rights: number;
  /** The week on whose Monday it ends; 0: it does not. */
  readonly until: number;
}

/** What became of it; `moved`: the chain is not what it was when this was weighed. */
export interface Applied {
  readonly act: KeyAct;
  readonly outcome: "done" | "moved" | "refused";
}

/**
 * Renews and revokes many grants, a statement each and as many in a request as fit, each after the chain as it was weighed: what
 * another has decided since is never overlooked. What is `done` was read again.
 */
export async function applyActs(
  context: Context,
  acts: readonly KeyAct[],
  files: ReadonlyMap<FileId, ReviewedFile>,
): Promise<Applied[]> {
  const applied: Applied[] = [];
  const heads = new Map([...files].map(([file, { access }]) => [file, accessHead(access)]));
  // Apart, since who is frozen may still take something away.
  for (const isRevoking of [false, true])
    for (const vault of ["who", "what"] as const) {
      const own = acts.filter(
        ({ edge, verdict }) =>
          (verdict === "revoke") === isRevoking && vaultOf(edge.compartment) === vault,
      );
      for (let start = 0; start < own.length; start += LIMITS.itemsPerBatch) {
        const batch = own.slice(start, start + LIMITS.itemsPerBatch);
        applied.push(...(await applyBatch(context, vault, { acts: batch, heads })));
      }
    }
  await proveAll(context, applied);
  return applied;
}

async function applyBatch(
  context: Context,
  vault: "who" | "what",
  { acts, heads }: { acts: readonly KeyAct[]; heads: Map<FileId, Place> },
): Promise<Applied[]> {
  const refused: Applied[] = [];
  let left = [...acts];
  while (left.length > 0) {
    const { items, after } = signAll(context, left, heads);
    try {
      await submitAccess(context, { vault, items, batchKeys: [], isFirm: true });
      for (const [file, head] of after) heads.set(file, head);
      break;
    } catch (error) {
      // A batch is taken whole or not at all, and names the item that it was refused for.
      const index = error instanceof ServiceRefusal ? error.index : null;
      const act = index === null ? undefined : left[index];
      if (act === undefined || !isRefused(error) || mustWait(error)) throw error;
      const hasMoved = isRefusal(error, "conflict", "stale-head", "stale-epoch", "not-granted");
      refused.push({ act, outcome: hasMoved ? "moved" : "refused" });
      left = left.filter((each) => each !== act);
    }
  }
  return [...refused, ...left.map((act): Applied => ({ act, outcome: "done" }))];
}

interface SignedActs {
  readonly items: { statement: Signed; share: null; wraps: [] }[];
  /** The heads of the chains once these stand in them. */
  readonly after: ReadonlyMap<FileId, Place>;
}

function signAll(
  context: Context,
  acts: readonly KeyAct[],
  heads: ReadonlyMap<FileId, Place>,
): SignedActs {
  const { practice, device } = context;
  const after = new Map<FileId, Place>();
  const items = acts.map((act) => {
    const { file } = act.edge;
    const head = after.get(file) ?? heads.get(file);
    if (head === undefined) throw new TypeError("a file that was not read");
    const place = { practice: practice.state.practice, file, device: device.owner.device, head };
    const statement = signAccessStatement(place, contentOf(context, act), device.statement.secret);
    after.set(file, { seq: head.seq + 1, hash: hashStatement(statement) });
    return { statement, share: null, wraps: [] as [] };
  });
  return { items, after };
}

function contentOf(
  context: Context,
  { edge: { file, subject, term }, verdict, rights, until }: KeyAct,
): { kind: "renew" | "revoke"; body: AccessBody<"renew"> | AccessBody<"revoke"> } {
  const seen = practiceHead(context.practice.state);
  if (verdict !== "revoke")
    return { kind: "renew", body: { seen, subject, rights, term, expires: until } };
  return {
    kind: "revoke",
    body: { seen, order: signOwnOrder(context, "revoke", { file, subject }) },
  };
}

/** Reads again what was done. Error: `verification-failed` where the chains do not say it. */
async function proveAll(context: Context, applied: readonly Applied[]): Promise<void> {
  const done = applied.filter(({ outcome }) => outcome === "done");
  const ids = [...new Set(done.map(({ act }) => act.edge.file))];
  if (ids.length === 0) return;
  const files = await readReviewed(context, { by: "files", files: ids });
  for (const { act } of done)
    if (!isSo(act, files)) throw hardStop("a decision of the review does not stand in its chain");
}

function isSo(
  { edge, verdict, rights, until }: KeyAct,
  files: ReadonlyMap<FileId, ReviewedFile>,
): boolean {
  // A file on which no grant stands any more is not among those that the gate lists.
  const access = files.get(edge.file)?.access;
  const held = access === undefined ? undefined : standingOf(access, edge.subject);
  if (verdict === "revoke") return held === undefined;
  return held?.grant.rights === rights && held.grant.expires === until;
}
