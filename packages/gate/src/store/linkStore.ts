import {
  bytesToHash,
  idToBytes,
  LINKS_PER_ANSWER,
  type Hash,
  type PracticeId,
} from "@sinetti/core";

import type { Tx } from "./database.ts";

/** A statement of the practice chain with the gate's word. */
export interface AcceptedLink {
  readonly statement: Uint8Array;
  readonly acceptance: Uint8Array;
}

/** Writes the link at a place that is free; a taken one is the constraint's to refuse. */
export async function insertLink(
  tx: Tx,
  practice: PracticeId,
  link: AcceptedLink & { seq: number; hash: Hash; acceptedAt: number },
): Promise<void> {
  await tx`
    insert into practice_links (practice, seq, hash, statement, acceptance, accepted_at)
    values (${idToBytes(practice)}, ${link.seq}, ${idToBytes(link.hash)}, ${link.statement},
      ${link.acceptance}, ${link.acceptedAt})`;
}

/** The link at one place. */
export async function findLink(
  tx: Tx,
  practice: PracticeId,
  seq: number,
): Promise<{ hash: Hash; acceptance: Uint8Array } | undefined> {
  const [row] = await tx<{ hash: Uint8Array; acceptance: Uint8Array }[]>`
    select hash, acceptance from practice_links
    where practice = ${idToBytes(practice)} and seq = ${seq}`;
  return row === undefined
    ? undefined
    : { hash: bytesToHash(row.hash), acceptance: row.acceptance };
}

/** One page of links from `from` on. */
export async function readLinks(
  tx: Tx,
  practice: PracticeId,
  from: number,
): Promise<{ links: AcceptedLink[]; more: boolean }> {
  const rows = await tx<AcceptedLink[]>`
    select statement, acceptance from practice_links
    where practice = ${idToBytes(practice)} and seq >= ${from}
    order by seq limit ${LINKS_PER_ANSWER + 1}`;
  const links = rows.slice(0, LINKS_PER_ANSWER);
  return { links: [...links], more: rows.length > LINKS_PER_ANSWER };
}

/** When each of these places was accepted, unix seconds. */
export async function readAcceptedAt(
  tx: Tx,
  practice: PracticeId,
  seqs: readonly number[],
): Promise<Map<number, number>> {
  const rows = await tx<{ seq: string; accepted_at: string }[]>`
    select seq, accepted_at from practice_links
    where practice = ${idToBytes(practice)} and seq = any(${tx.array([...seqs], 20)})`;
  return new Map(rows.map((row) => [Number(row.seq), Number(row.accepted_at)]));
}
