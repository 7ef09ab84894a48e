import {
  accessHead,
  grantsAt,
  isSameSubject,
  practiceHead,
  readOrder,
  type AccessBody,
  type AccessKind,
  type EraseReason,
  type FileId,
  type Signed,
  type Subject,
} from "@sinetti/core";
import { signAccessStatement } from "@sinetti/core/secret";
import type { Context } from "./context.ts";
import type { GrantWish } from "./createFiles.ts";
import { ClientError, isRefusal } from "./errors.ts";
import type { FileRef } from "./fileBook.ts";
import type { KnownFile } from "./fileCache.ts";
import { propose, runStop, sendStop, signOwnOrder, type Given } from "./giveOrder.ts";
import { readAccess } from "./heldAccess.ts";
import { openFiles } from "./openFiles.ts";
import type { Waiting } from "./outbox.ts";
import { submitAccess } from "./submitAccess.ts";
import { submitGrants, type GrantItem } from "./submitGrants.ts";
import { openMemberHalves } from "./memberHalves.ts";

/** From this many files on, the recipient gets one batch key. */
const BATCH_FROM = 2;

/** Signs a statement after the head of a file's access chain, as this device knows it. */
export function signFileAct<K extends AccessKind>(
  context: Context,
  file: Pick<KnownFile, "file" | "access">,
  act: { kind: K; body: AccessBody<K> },
): Signed {
  const { practice, device } = context;
  const place = {
    practice: practice.state.practice,
    file: file.file,
    device: device.owner.device,
    head: accessHead(file.access),
  };
  return signAccessStatement(place, act, device.statement.secret);
}

/** Grants files to one subject, with one encapsulation whatever their number; the files are opened for it with the purpose `handover`. */
export async function grantFiles(
  context: Context,
  refs: readonly FileRef[],
  wish: GrantWish,
): Promise<void> {
  const opened = await openForGrant(context, refs);
  const batches = opened.length >= BATCH_FROM ? new Map() : null;
  for (const vault of ["who", "what"] as const) {
    const items = opened.filter(({ file }) => file.vault === vault);
    await submitGrants(context, vault, {
      items: items.map((each) => ({ ...each, wish })),
      batches,
    });
  }
}

/** Grants one file to many subjects, each with a wrap of their own. */
export async function grantToMany(
  context: Context,
  ref: FileRef,
  wishes: readonly GrantWish[],
): Promise<void> {
  const opened = await openForGrant(context, [ref]);
  const items = opened.flatMap((each) => wishes.map((wish) => ({ ...each, wish })));
  await submitGrants(context, ref.vault, { items, batches: null });
}

async function openForGrant(
  context: Context,
  refs: readonly FileRef[],
): Promise<Omit<GrantItem, "wish">[]> {
  await finishRevokes(context, refs);
  const opened = await openFiles(context, refs, { purpose: "handover", boxes: false });
  const refused = opened.find(({ outcome }) => outcome !== "released");
  if (refused !== undefined)
    throw new ClientError("refused", { detail: `gate: ${refused.outcome}` });
  const files = opened.flatMap(({ file }) => (file === null ? [] : [file]));
  const halves = await openMemberHalves(context, files);
  return files.map((file) => {
    const half = halves.get(file.file);
    if (half === undefined) throw new ClientError("refused", { detail: "the record is not open" });
    return { file, half };
  });
}

/** Prolongs a grant, with rights no wider; needs no key. */
export async function renewGrant(
  context: Context,
  ref: FileRef,
  wish: Pick<GrantWish, "subject" | "rights" | "term" | "expires">,
): Promise<void> {
  const file = await readAccess(context, ref.file);
  const { subject, rights, term, expires } = wish;
  const statement = signFileAct(context, file, {
    kind: "renew",
    body: { seen: practiceHead(context.practice.state), subject, rights, term, expires },
  });
  await submitAccess(context, {
    vault: ref.vault,
    items: [{ statement, share: null, wraps: [] }],
    batchKeys: [],
  });
}

/** Revokes a grant: every service obeys the order on arrival, then the gate puts it in the chain; the next write opens a new epoch. */
export async function revokeGrant(context: Context, ref: FileRef, subject: Subject): Promise<void> {
  await context.practice.syncIfReachable(context.services);
  const finished = await finishRevokes(context, [ref]);
  if (finished.some((each) => isSameSubject(each, subject)))
    if (!(await isGranted(context, ref.file, subject))) return;
  const order = signOwnOrder(context, "revoke", { file: ref.file, subject });
  await sendStop(context, { order, vault: ref.vault }, () => sequenceRevoke(context, ref, order));
}

async function isGranted(context: Context, file: FileId, subject: Subject): Promise<boolean> {
  const { access } = await readAccess(context, file);
  return grantsAt(access).some(({ grant }) => isSameSubject(grant.subject, subject));
}

/**
 * Finishes revocations of these files that were cut off, and says of whom: whatever is granted from now on stands after them, and
 * is not taken back when they are taken up later.
 */
export async function finishRevokes(
  context: Context,
  refs: readonly FileRef[],
): Promise<Subject[]> {
  const files = new Set(refs.map(({ file }) => file));
  const finished: Subject[] = [];
  for (const { name, item } of await context.outbox.left()) {
    if (item.kind !== "stop" || item.vault === null) continue;
    const order = readOrder(item.order);
    if (order.kind !== "revoke" || !files.has(order.body.file)) continue;
    await takeUpRevoke(context, { name, item }, { file: order.body.file, vault: item.vault });
    finished.push(order.body.subject);
  }
  return finished;
}

/** Takes up a revocation that did not reach everybody, or that was cut off before it stood in its chain. */
export async function takeUpRevoke(
  context: Context,
  waiting: Waiting<"stop">,
  ref: FileRef,
): Promise<void> {
  const { order } = waiting.item;
  await runStop(context, waiting, () =>
    sequenceRevoke(context, ref, order).catch((error: unknown) => {
      if (!isRefusal(error, "not-granted", "order-reused")) throw error;
    }),
  );
}

/** Puts a revocation that the services obey already into the file's chain. */
export async function sequenceRevoke(context: Context, ref: FileRef, order: Signed): Promise<void> {
  const file = await readAccess(context, ref.file);
  const statement = signFileAct(context, file, {
    kind: "revoke",
    body: { seen: practiceHead(context.practice.state), order },
  });
  await submitAccess(context, {
    vault: ref.vault,
    items: [{ statement, share: null, wraps: [] }],
    batchKeys: [],
  });
}

/** Closes or reopens a file. */
export async function setPhase(
  context: Context,
  ref: FileRef,
  kind: "close" | "reopen",
): Promise<void> {
  const file = await readAccess(context, ref.file);
  const statement = signFileAct(context, file, {
    kind,
    body: { seen: practiceHead(context.practice.state) },
  });
  await submitAccess(context, {
    vault: ref.vault,
    items: [{ statement, share: null, wraps: [] }],
    batchKeys: [],
  });
}

/** Lays down the order to erase a file, for a second person to approve at the gate. */
export async function proposeErase(
  context: Context,
  file: FileId,
  reason: EraseReason,
): Promise<Given> {
  await readAccess(context, file);
  return propose(context, signOwnOrder(context, "erase", { file, reason }));
}

/**
 * Erases a file with the approvals of its order: G at the gate, wraps and boxes at the vault, and what this device holds.
 * ServiceRefusal `second-person-missing` while the approvals do not suffice.
 */
export async function eraseFile(
  context: Context,
  { order, approvals }: { order: Signed; approvals: readonly Signed[] },
): Promise<void> {
  const carried = readOrder(order);
  if (carried.kind !== "erase") throw new TypeError("not an order to erase");
  const file = await readAccess(context, carried.body.file);
  const statement = signFileAct(context, file, {
    kind: "erase",
    body: { seen: practiceHead(context.practice.state), order, approvals: [...approvals] },
  });
  await submitAccess(context, {
    vault: file.vault,
    items: [{ statement, share: null, wraps: [] }],
    batchKeys: [],
  });
  context.files.forget(file.file);
  const names = await context.device.list(`file/${file.file}/`);
  await context.device.write(names.map((name) => ({ name, value: null })));
}
