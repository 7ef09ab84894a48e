import {
  GATE_ROUTES,
  VAULT_ROUTES,
  accessHead,
  applyAccessStatement,
  readStatement,
  startAccess,
  vaultOf,
  type FileId,
  type Signed,
} from "@sinetti/core";
import type { Context } from "./context.ts";
import { isRefusal, isRefused, mustWait } from "./errors.ts";
import { fileChanges, newKnownFile, type KnownFile } from "./fileCache.ts";
import { withCatchUp } from "./handOver.ts";
import type { OutboxItemOf, Waiting } from "./outbox.ts";
import { keepSentWraps } from "./sentWraps.ts";
import { signAgain } from "./signAgain.ts";

/** How often a statement is put after a chain that has moved on before a person is told. */
const CONFLICT_TRIES = 5;

type AccessWork = OutboxItemOf<"access">;

/**
 * Submits statements of access chains of one vault: kept in the outbox until gate and vault both hold them. With `isFirm`, a chain
 * that has moved on is a refusal (`conflict`), also when the work is taken up later.
 */
export async function submitAccess(
  context: Context,
  work: Omit<AccessWork, "kind" | "accepted">,
): Promise<void> {
  const waiting = await context.outbox.add<"access">({ kind: "access", accepted: null, ...work });
  await runAccess(context, waiting);
}

/**
 * Order matters for every crash point: wraps lie at the vault before the gate accepts, so an accepted statement never
 * lacks its wraps; the acceptance is kept before the vault is told, so the vault's part can always be finished.
 */
export async function runAccess(context: Context, started: Waiting<"access">): Promise<void> {
  let waiting = started;
  const most = started.item.isFirm === true ? 0 : CONFLICT_TRIES;
  try {
    for (let tries = 0; waiting.item.accepted === null; tries++) {
      try {
        waiting = await acceptAccess(context, waiting);
      } catch (error) {
        if (!isRefusal(error, "conflict", "stale-head", "stale-epoch") || tries >= most)
          throw error;
        waiting = await signAgain(context, waiting, error.index ?? 0);
      }
    }
    await takeAccess(context, waiting);
  } catch (error) {
    // The order of a revocation stands in the chain already: another run was first.
    if (isRefusal(error, "order-reused")) return await context.outbox.done(waiting);
    const isStruck = isRefused(error) && !mustWait(error) && waiting.item.accepted === null;
    if (isStruck) await context.outbox.done(waiting);
    else context.outbox.release(waiting);
    throw error;
  }
}

async function acceptAccess(
  context: Context,
  waiting: Waiting<"access">,
): Promise<Waiting<"access">> {
  const { vault, items, batchKeys } = waiting.item;
  const wrapped = items.filter(({ wraps }) => wraps.length > 0);
  if (wrapped.length > 0) {
    const staged = wrapped.map(({ statement, wraps }) => ({
      statement: readStatement(statement).hash,
      wraps,
    }));
    await withCatchUp(context, vault, () =>
      context.services.call(vault, VAULT_ROUTES.wrapsStage, { items: staged, batchKeys }),
    );
  }
  const submitted = items.map(({ statement, share }) => ({ statement, share }));
  const { answer } = await context.services.call("gate", GATE_ROUTES.accessSubmit, {
    items: submitted,
  });
  return context.outbox.update(waiting, { ...waiting.item, accepted: answer });
}

async function takeAccess(context: Context, waiting: Waiting<"access">): Promise<void> {
  const { vault, items, accepted } = waiting.item;
  if (accepted === null) throw new TypeError("not accepted yet");
  const statements = items.map(({ statement }) => statement);
  const body = { statements, acceptances: [accepted.acceptance], shares: accepted.shares };
  await withCatchUp(context, vault, () =>
    context.services.call(vault, VAULT_ROUTES.accessTake, body),
  );
  const folded = new Map<FileId, KnownFile>();
  for (const statement of statements) {
    const file = await foldOwn(context, statement);
    if (file !== null) folded.set(file.file, file);
  }
  const changes = [...folded.values()].flatMap((file) =>
    fileChanges(context.device, file, file.links.length),
  );
  const sent = context.outbox.isKept(waiting) ? keepSentWraps(context, waiting.item) : [];
  await context.outbox.done(waiting, [...changes, ...sent]);
}

async function foldOwn(context: Context, signed: Signed): Promise<KnownFile | null> {
  const link = readStatement(signed);
  const file = link.statement.id as FileId;
  const fold = { practice: context.practice.state, week: null };
  if (link.statement.kind === "create") {
    const access = startAccess(link, fold);
    const created =
      (await context.files.get({ file })) ?? newKnownFile(access, vaultOf(access.compartment));
    context.files.put(created);
    return created;
  }
  const known = await context.files.get({ file });
  if (known === null) return null;
  const next = accessHead(known.access).seq + 1;
  if (link.statement.seq === next) applyAccessStatement(known.access, link, fold);
  return known;
}
