import {
  accessHead,
  epochAt,
  hashStatement,
  hashWraps,
  practiceHead,
  readAccessBody,
  readStatement,
  type AccessBody,
  type AccessKind,
  type FileId,
  type Link,
  type Wrap,
} from "@sinetti/core";
import { sealWrap, signAccessStatement } from "@sinetti/core/secret";
import type { Context } from "./context.ts";
import { ClientError } from "./errors.ts";
import type { KnownFile } from "./fileCache.ts";
import { readAccess, type HeldAccess } from "./heldAccess.ts";
import { recipientOf } from "./keyring.ts";
import { openMemberHalves } from "./memberHalves.ts";
import type { OutboxItemOf, Waiting } from "./outbox.ts";

type Item = OutboxItemOf<"access">["items"][number];
interface Content {
  readonly kind: AccessKind;
  readonly body: AccessBody<AccessKind>;
  readonly wraps: Item["wraps"];
}

/**
 * Puts the statements of one file after the head that its chain has now. Bodies and wraps stay as they are, but for a grant
 * that meets a new epoch or a new key of its subject: its wrap holds the old one, so it is wrapped again.
 */
export async function signAgain(
  context: Context,
  waiting: Waiting<"access">,
  index: number,
): Promise<Waiting<"access">> {
  const refused = waiting.item.items[index];
  if (refused === undefined)
    throw new ClientError("verification-failed", {
      detail: "gate: refused an item that was not sent",
    });
  const { kind, id } = readStatement(refused.statement).statement;
  refuseOpening(kind);
  const ref = { file: id as FileId, vault: waiting.item.vault };
  // Whoever renews or revokes without being able to open the record has its chain from the gate.
  const held = await readAccess(context, ref.file);
  let head = accessHead(held.access);
  const items: Item[] = [];
  for (const item of waiting.item.items) {
    const link = readStatement(item.statement);
    if (link.statement.id !== ref.file) {
      items.push(item);
      continue;
    }
    const { wraps, ...act } = await contentNow(context, held, { item, link });
    const place = {
      practice: held.access.practice,
      file: ref.file,
      device: context.device.owner.device,
      head,
    };
    const statement = signAccessStatement(place, act, context.device.statement.secret);
    head = { seq: head.seq + 1, hash: hashStatement(statement) };
    items.push({ ...item, statement, wraps });
  }
  return context.outbox.update(waiting, { ...waiting.item, items });
}

/** What opens a file or an epoch is not signed again: somebody else was first. */
function refuseOpening(kind: string): void {
  if (kind === "create")
    throw new ClientError("refused", { detail: "gate: the record exists already" });
  if (kind === "rekey")
    throw new ClientError("refused", { detail: "gate: another device has opened a new epoch" });
}

async function contentNow(
  context: Context,
  held: HeldAccess,
  { item, link }: { item: Item; link: Link },
): Promise<Content> {
  const kind = link.statement.kind as AccessKind;
  const seen = practiceHead(context.practice.state);
  const { epoch } = epochAt(held.access);
  if (kind !== "grant")
    return { kind, body: { ...readAccessBody(link, kind), seen }, wraps: item.wraps };
  const body = readAccessBody(link, kind);
  const { keyVersion } = recipientOf(context.practice.state, body.grant.subject);
  if (body.epoch === epoch && body.grant.keyVersion === keyVersion)
    return { kind, body: { ...body, seen }, wraps: item.wraps };
  const known = await context.files.get({ file: held.file });
  if (known === null) throw new ClientError("unknown-record");
  const wrap = await wrapNow(context, known, body);
  const grant = { ...body.grant, keyVersion: wrap.keyVersion };
  return { kind, body: { seen, grant, epoch, wraps: hashWraps([wrap]) }, wraps: [wrap] };
}

async function wrapNow(
  context: Context,
  known: KnownFile,
  { grant }: AccessBody<"grant">,
): Promise<Wrap> {
  const half = (await openMemberHalves(context, [known])).get(known.file);
  if (half === undefined) throw new ClientError("refused", { detail: "the record is not open" });
  const { practice, compartment } = known.access;
  const keyContext = {
    practice,
    file: known.file,
    compartment,
    epoch: epochAt(known.access).epoch,
  };
  return sealWrap(half, recipientOf(context.practice.state, grant.subject), keyContext);
}
