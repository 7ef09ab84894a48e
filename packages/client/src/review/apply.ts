import {
  accessHead,
  hashStatement,
  LIMITS,
  practiceHead,
  vaultOf,
  type FileId,
  type KeyEdge,
  type Place,
  type Signed,
} from "@sinetti/core";
import { signAccessStatement } from "@sinetti/core/secret";
import { revokeGrant } from "../changeAccess.ts";
import type { Context } from "../context.ts";
import { hardStop, isRefusal, isRefused, mustWait, ServiceRefusal } from "../errors.ts";
import { submitAccess } from "../submitAccess.ts";
import { readReviewed, type ReviewedFile } from "./chains.ts";
import { standingOf } from "./standing.ts";

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

/** What became of it. */
export interface Applied {
  readonly act: KeyAct;
  readonly outcome: "done" | "changed" | "refused";
}

/**
 * Renews many grants, a statement each and as many in a request as fit, each after the chain as it was looked at: one that has
 * moved on since is `changed`. What is `done` was read again.
 */
export async function applyRenewals(
  context: Context,
  acts: readonly KeyAct[],
  files: ReadonlyMap<FileId, ReviewedFile>,
): Promise<Applied[]> {
  const applied: Applied[] = [];
  for (const vault of ["who", "what"] as const) {
    const own = acts.filter(({ edge }) => vaultOf(edge.compartment) === vault);
    for (let start = 0; start < own.length; start += LIMITS.itemsPerBatch) {
      const batch = own.slice(start, start + LIMITS.itemsPerBatch);
      applied.push(...(await renewBatch(context, vault, { acts: batch, files })));
    }
  }
  await proveAll(context, applied);
  return applied;
}

async function renewBatch(
  context: Context,
  vault: "who" | "what",
  { acts, files }: { acts: readonly KeyAct[]; files: ReadonlyMap<FileId, ReviewedFile> },
): Promise<Applied[]> {
  const refused: Applied[] = [];
  let left = [...acts];
  while (left.length > 0) {
    const items = signAll(context, left, files);
    try {
      await submitAccess(context, { vault, items, batchKeys: [] }, { isFirm: true });
      break;
    } catch (error) {
      // A batch is taken whole or not at all, and names the item that it was refused for.
      const index = error instanceof ServiceRefusal ? error.index : null;
      const act = index === null ? undefined : left[index];
      if (act === undefined || !isRefused(error) || mustWait(error)) throw error;
      const hasMoved = isRefusal(error, "conflict", "stale-head", "stale-epoch", "not-granted");
      refused.push({ act, outcome: hasMoved ? "changed" : "refused" });
      left = left.filter((each) => each !== act);
    }
  }
  return [...refused, ...left.map((act): Applied => ({ act, outcome: "done" }))];
}

function signAll(
  { practice, device }: Context,
  acts: readonly KeyAct[],
  files: ReadonlyMap<FileId, ReviewedFile>,
): { statement: Signed; share: null; wraps: [] }[] {
  const heads = new Map<FileId, Place>();
  const seen = practiceHead(practice.state);
  return acts.map(({ edge, rights, until }) => {
    const access = files.get(edge.file)?.access;
    if (access === undefined) throw new TypeError("a file that was not read");
    const head = heads.get(edge.file) ?? accessHead(access);
    const place = {
      practice: practice.state.practice,
      file: edge.file,
      device: device.owner.device,
      head,
    };
    const { subject, term } = edge;
    const body = { seen, subject, rights, term, expires: until };
    const statement = signAccessStatement(place, { kind: "renew", body }, device.statement.secret);
    heads.set(edge.file, { seq: head.seq + 1, hash: hashStatement(statement) });
    return { statement, share: null, wraps: [] };
  });
}

/** Takes grants away, one after another: every service obeys each on arrival. What is `done` was read again. */
export async function applyRevocations(
  context: Context,
  acts: readonly KeyAct[],
): Promise<Applied[]> {
  const applied: Applied[] = [];
  for (const act of acts) {
    const { file, compartment, subject } = act.edge;
    try {
      await revokeGrant(context, { file, vault: vaultOf(compartment) }, subject);
      applied.push({ act, outcome: "done" });
    } catch (error) {
      if (!isRefused(error) || mustWait(error)) throw error;
      applied.push({ act, outcome: "refused" });
    }
  }
  await proveAll(context, applied);
  return applied;
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
