import {
  bytesToHash,
  decodeShape,
  encodeShape,
  idToBytes,
  practiceHead,
  practiceStateShape,
  readOrder,
  ZERO_HASH,
  type Hash,
  type MemberId,
  type Order,
  type PracticeId,
  type PracticeState,
} from "@sinetti/core";

import { actingStops, headSeq, type PracticeView } from "../practiceView.ts";
import { Refusal } from "../problem.ts";
import { toIdOrNull, type Tx } from "./database.ts";
import { readRestored } from "./restoreStore.ts";
import { readUnsequenced } from "./stopStore.ts";

/** Where the log of a practice ends. */
export interface LogHead {
  readonly nextIndex: number;
  readonly hash: Hash;
  readonly time: number;
}

/**
 * What a transaction holds until its end. Everybody takes them in this order: the chain's row, the log's row, rows of
 * files; so nobody waits for somebody who waits for them.
 */
export type Lock = "none" | "chain" | "log" | "chain-and-log";

interface ViewRow {
  state: Uint8Array | null;
  overlay: string;
  time: string;
  next_idx: string;
  hash: Uint8Array;
}

/** Names the practice to the row security of this transaction; goes out together with what follows. */
export async function enterPractice(tx: Tx, practice: PracticeId): Promise<void> {
  await tx`select set_config('sinetti.practice', ${practice}, true)`;
}

function lockClause(tx: Tx, lock: Lock): ReturnType<Tx> {
  if (lock === "chain") return tx`for update of p`;
  if (lock === "log") return tx`for update of l`;
  return lock === "none" ? tx`` : tx`for update`;
}

async function readStops(tx: Tx, practice: PracticeId): Promise<Order[]> {
  return (await readUnsequenced(tx, practice)).map(readOrder);
}

async function readBlocked(tx: Tx, practice: PracticeId): Promise<Map<MemberId, number>> {
  const rows = await tx<{ member: Uint8Array; since: string }[]>`
    select member, max(since) as since from blocks
    where practice = ${idToBytes(practice)} and cleared_idx is null group by member`;
  return new Map(
    rows.map(({ member, since }) => [toIdOrNull<MemberId>(member) as MemberId, Number(since)]),
  );
}

/** The newest view; what `known` already holds is not read again. Error: `unknown-practice`. */
export async function readView(
  tx: Tx,
  practice: PracticeId,
  { known, lock }: { known: PracticeView | undefined; lock: Lock },
): Promise<{ view: PracticeView; log: LogHead }> {
  const knownSeq = known === undefined ? -1 : headSeq(known);
  const [row] = await tx<ViewRow[]>`
    select case when p.head_seq = ${knownSeq} then null else p.state end as state,
      l.overlay, l.time, l.next_idx, l.hash
    from practices p join log_heads l using (practice)
    where practice = ${idToBytes(practice)} ${lockClause(tx, lock)}`;
  if (row === undefined) throw new Refusal("unknown-practice");
  const log = {
    nextIndex: Number(row.next_idx),
    hash: bytesToHash(row.hash),
    time: Number(row.time),
  };
  const overlay = Number(row.overlay);
  if (row.state === null && known?.overlay === overlay) return { view: known, log };
  const state =
    row.state === null && known !== undefined
      ? known.state
      : decodeShape(practiceStateShape, row.state ?? new Uint8Array());
  const [stops, blocked, restored] = await Promise.all([
    readStops(tx, practice),
    readBlocked(tx, practice),
    readRestored(tx, practice),
  ]);
  const acting = actingStops(state, stops);
  return { view: { practice, state, overlay, stops: acting, blocked, restored }, log };
}

/** The folded chain as it is kept; null: the practice is not known here. */
export async function findState(tx: Tx, practice: PracticeId): Promise<Uint8Array | null> {
  const [row] = await tx<{ state: Uint8Array }[]>`
    select state from practices where practice = ${idToBytes(practice)}`;
  return row?.state ?? null;
}

/** Writes a practice that is new here. */
export async function insertPractice(
  tx: Tx,
  state: PracticeState,
  { genesisAt, code }: { genesisAt: number; code: Uint8Array },
): Promise<void> {
  const practice = idToBytes(state.practice);
  const { seq, hash } = practiceHead(state);
  await tx`insert into installation_codes (practice, hash) values (${practice}, ${code})`;
  await tx`
    insert into practices (practice, head_seq, head_hash, genesis_at, state)
    values (${practice}, ${seq}, ${idToBytes(hash)}, ${genesisAt}, ${encodeShape(practiceStateShape, state)})`;
  await tx`insert into log_heads (practice, hash) values (${practice}, ${idToBytes(ZERO_HASH)})`;
}

/** Moves the folded chain on by one statement; the row is locked. */
export async function updatePractice(tx: Tx, state: PracticeState): Promise<void> {
  const { seq, hash } = practiceHead(state);
  await tx`
    update practices set head_seq = ${seq}, head_hash = ${idToBytes(hash)},
      state = ${encodeShape(practiceStateShape, state)}
    where practice = ${idToBytes(state.practice)}`;
}

/** Tells every process that stops or blocks changed; the log's row is locked. */
export async function bumpOverlay(tx: Tx, practice: PracticeId): Promise<void> {
  await tx`update log_heads set overlay = overlay + 1 where practice = ${idToBytes(practice)}`;
}
