import {
  decodeShape,
  encodeShape,
  practiceHead,
  practiceStateShape,
  type Hash,
  type Place,
  type PracticeId,
  type PracticeState,
  type Signed,
} from "@sinetti/core";

import { ids, bytes, numbers, fromColumn, toColumn } from "./columns.ts";
import type { Tx } from "./transaction.ts";

/** How far a practice has come: changes whenever its state or its stops do. */
export interface PracticeMark {
  readonly head: Place;
  readonly stopsVersion: number;
}

export interface PracticeLink {
  readonly seq: number;
  readonly hash: Hash;
  readonly statement: Signed;
  readonly acceptance: Signed;
}

export async function readMark(tx: Tx, practice: PracticeId): Promise<PracticeMark | null> {
  const [row] = await tx<{ seq: number; hash: Uint8Array; stops: number }[]>`
    select head_seq::float8 as seq, head_hash as hash, stops_version::float8 as stops
    from practices where practice = ${toColumn(practice)}`;
  if (row === undefined) return null;
  return { head: { seq: row.seq, hash: fromColumn(row.hash) }, stopsVersion: row.stops };
}

export async function readState(
  tx: Tx,
  practice: PracticeId,
  options: { lock: boolean } = { lock: false },
): Promise<{ state: PracticeState; mark: PracticeMark } | null> {
  const lock = options.lock ? tx`for update` : tx``;
  const [row] = await tx<{ state: Uint8Array; stops: number }[]>`
    select state, stops_version::float8 as stops
    from practices where practice = ${toColumn(practice)} ${lock}`;
  if (row === undefined) return null;
  const state = decodeShape(practiceStateShape, row.state, Number.MAX_SAFE_INTEGER);
  return { state, mark: { head: practiceHead(state), stopsVersion: row.stops } };
}

/** Writes the state that a run was folded into, and the run. The first run makes the practice. */
export async function writeRun(
  tx: Tx,
  state: PracticeState,
  links: readonly PracticeLink[],
): Promise<void> {
  const practice = toColumn(state.practice);
  const head = practiceHead(state);
  const folded = encodeShape(practiceStateShape, state);
  const isNew = links[0]?.seq === 0;
  const row = isNew
    ? tx`insert into practices (practice, state, head_seq, head_hash)
         values (${practice}, ${folded}, ${head.seq}, ${toColumn(head.hash)})`
    : tx`update practices set state = ${folded}, head_seq = ${head.seq},
           head_hash = ${toColumn(head.hash)} where practice = ${practice}`;
  const rows = tx`
    insert into practice_links (practice, seq, hash, statement, acceptance)
    select ${practice}, * from unnest(
      ${numbers(tx, links, ({ seq }) => seq)}::bigint[],
      ${ids(tx, links, ({ hash }) => hash)}::bytea[],
      ${bytes(tx, links, ({ statement }) => statement)}::bytea[],
      ${bytes(tx, links, ({ acceptance }) => acceptance)}::bytea[])`;
  await Promise.all([row, rows]);
}

/** The links from `from` on, at most `count` of them and about `maxBytes` in all. */
export async function readLinks(
  tx: Tx,
  practice: PracticeId,
  { from, count, maxBytes }: { from: number; count: number; maxBytes: number },
): Promise<{ statement: Signed; acceptance: Signed }[]> {
  return tx<{ statement: Uint8Array; acceptance: Uint8Array }[]>`
    select statement, acceptance from (
      select seq, statement, acceptance,
        sum(octet_length(statement) + octet_length(acceptance)) over (order by seq) as running
      from practice_links
      where practice = ${toColumn(practice)} and seq >= ${from} and seq < ${from + count}
    ) page
    where seq = ${from} or running <= ${maxBytes}
    order by seq`;
}
