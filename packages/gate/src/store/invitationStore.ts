import { bytesToHex, idToBytes, LIMITS, type PracticeId } from "@sinetti/core";

import { column, type Tx } from "./database.ts";

/** What lies under one slip. */
export interface Invitation {
  readonly mailbox: Uint8Array;
  readonly answer: Uint8Array | null;
  readonly until: number;
}

interface Row {
  mailbox: Uint8Array;
  answer: Uint8Array | null;
  until: string;
}

/** Names the mailbox to the row security of this transaction. */
export async function enterMailbox(tx: Tx, mailbox: Uint8Array): Promise<void> {
  await tx`select set_config('sinetti.mailbox', ${bytesToHex(mailbox)}, true)`;
}

/** The offer that is good now in the mailbox that was entered, with what answered it; the row is locked. */
export async function findOffer(
  tx: Tx,
  mailbox: Uint8Array,
  now: number,
): Promise<{ offer: Uint8Array; answer: Uint8Array | null } | undefined> {
  const [row] = await tx<{ offer: Uint8Array; answer: Uint8Array | null }[]>`
    select offer, answer from invitations
    where mailbox = ${mailbox} and until > ${now} for update`;
  return row;
}

/** Writes the answer of a mailbox. */
export async function writeAnswer(tx: Tx, mailbox: Uint8Array, answer: Uint8Array): Promise<void> {
  await tx`update invitations set answer = ${answer} where mailbox = ${mailbox}`;
}

/** Takes away what is over. */
export async function sweepInvitations(tx: Tx, practice: PracticeId, now: number): Promise<void> {
  await tx`delete from invitations where practice = ${idToBytes(practice)} and until <= ${now}`;
}

/** Lays offers down; one that lies there stays. */
export async function insertInvitations(
  tx: Tx,
  practice: PracticeId,
  items: readonly { mailbox: Uint8Array; offer: Uint8Array; until: number }[],
): Promise<void> {
  const mailboxes = items.map(({ mailbox }) => mailbox);
  const offers = items.map(({ offer }) => offer);
  const untils = items.map(({ until }) => until);
  await tx`
    insert into invitations (practice, mailbox, offer, until)
    select ${idToBytes(practice)}, item.mailbox, item.offer, item.until
    from unnest(${column(tx, "bytea", mailboxes)}, ${column(tx, "bytea", offers)},
      ${column(tx, "int8", untils)}) as item (mailbox, offer, until)
    on conflict (practice, mailbox) do nothing`;
}

/** How many are open. */
export async function countInvitations(tx: Tx, practice: PracticeId): Promise<number> {
  const [row] = await tx<{ count: string }[]>`
    select count(*) as count from invitations where practice = ${idToBytes(practice)}`;
  return Number(row?.count ?? 0);
}

/** One page, by mailbox. */
export async function readInvitations(
  tx: Tx,
  practice: PracticeId,
  { after, now }: { after: Uint8Array | null; now: number },
): Promise<{ invitations: Invitation[]; more: boolean }> {
  const rows = await tx<Row[]>`
    select mailbox, answer, until from invitations
    where practice = ${idToBytes(practice)} and until > ${now}
      and (${after}::bytea is null or mailbox > ${after}::bytea)
    order by mailbox limit ${LIMITS.itemsPerBatch + 1}`;
  const invitations = rows
    .slice(0, LIMITS.itemsPerBatch)
    .map(({ mailbox, answer, until }) => ({ mailbox, answer, until: Number(until) }));
  return { invitations, more: rows.length > LIMITS.itemsPerBatch };
}

/** Takes these away. */
export async function deleteInvitations(
  tx: Tx,
  practice: PracticeId,
  mailboxes: readonly Uint8Array[],
): Promise<void> {
  await tx`
    delete from invitations
    where practice = ${idToBytes(practice)} and mailbox = any(${column(tx, "bytea", mailboxes)})`;
}
