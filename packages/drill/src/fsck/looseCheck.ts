import {
  CoreError,
  authorKey,
  batchIdOf,
  bytesToId,
  hashOrder,
  readApproval,
  readOrder,
  verifyApproval,
  verifyOrder,
  type Hash,
  type MemberId,
  type PracticeId,
  type PracticeState,
  type Subject,
} from "@sinetti/core";

import { reportInto, type Report, type StoreName } from "./broken.ts";
import type { KnownPractice } from "./practiceKnown.ts";
import { EVERYTHING, readRows } from "./rows.ts";
import type { Store, Stores } from "./store.ts";
import type { Tally } from "./tally.ts";

/** A file id in its box. */
const LOOKUP_CELL_BYTES = 56;
/** Nonce and tag. */
const BOX_OVERHEAD = 40;

interface StopRow {
  readonly order_id: Buffer;
  readonly signed: Buffer;
  readonly sequenced: boolean;
}

/** Whether a signed order is of this practice, under this id, by a key that its author had. */
function isOrder(state: PracticeState, signed: Buffer, id: Buffer): boolean {
  try {
    const order = readOrder(signed);
    const { key } = authorKey(state, order.author, order.seen.seq);
    verifyOrder(signed, key);
    return order.practice === state.practice && order.id === id.toString("hex");
  } catch (error) {
    if (error instanceof CoreError) return false;
    throw error;
  }
}

async function checkStops(store: Store, state: PracticeState, report: Report): Promise<void> {
  const rows = await store.tx<StopRow[]>`
    select order_id, signed, sequenced from stops
    where practice = ${Buffer.from(state.practice, "hex")} order by order_id`;
  for (const { order_id: id, signed, sequenced } of rows) {
    const order = id.toString("hex");
    const isFit =
      isOrder(state, signed, id) &&
      (readOrder(signed).kind === "revoke" || !sequenced || state.orders[order] !== undefined);
    if (!isFit) report("stop", "stops", `order ${order}`);
  }
}

interface PendingRow {
  readonly hash: Buffer;
  readonly order_id: Buffer;
  readonly signed: Buffer;
  readonly kind: string;
}

async function checkPending(gate: Store, state: PracticeState, report: Report): Promise<void> {
  const owner = Buffer.from(state.practice, "hex");
  const rows = await gate.tx<PendingRow[]>`
    select hash, order_id, signed, kind from pending_orders where practice = ${owner} order by hash`;
  for (const { hash, order_id: id, signed, kind } of rows) {
    const where = `order ${id.toString("hex")}`;
    const isFit =
      hashOrder(signed) === hash.toString("hex") &&
      isOrder(state, signed, id) &&
      readOrder(signed).kind === kind;
    if (!isFit) report("order", "pending_orders", where);
  }
  const approvals = await gate.tx<{ hash: Buffer; signed: Buffer }[]>`
    select hash, signed from pending_approvals where practice = ${owner} order by hash, approver`;
  for (const { hash, signed } of approvals)
    if (!isApproval(state, signed, hash.toString("hex") as Hash))
      report("order", "pending_approvals", `order hash ${hash.toString("hex")}`);
}

function isApproval(state: PracticeState, signed: Buffer, order: Hash): boolean {
  try {
    const { key } = authorKey(state, readApproval(signed).author);
    verifyApproval(signed, key, { order, week: 0 });
    return true;
  } catch (error) {
    // Who has ended since is no damage.
    if (error instanceof CoreError) return error.code === "not-authorised";
    throw error;
  }
}

interface BatchKeyRow {
  readonly practice: Buffer;
  readonly batch: Buffer;
  readonly subject_type: Subject["type"];
  readonly subject: Buffer;
  readonly key_version: number;
  readonly sealed: Buffer;
}
const BATCH_KEYS = {
  table: "batch_keys",
  columns: "sealed",
  key: [
    ["practice", "bytea"],
    ["batch", "bytea"],
    ["subject_type", "text"],
    ["subject", "bytea"],
    ["key_version", "bigint"],
  ],
  pageSize: 1000,
} as const;

async function checkBatchKeys(store: Store, practice: PracticeId, report: Report): Promise<void> {
  const owner = Buffer.from(practice, "hex");
  const range = { ...EVERYTHING, practice: owner };
  for await (const row of readRows<BatchKeyRow>(store.tx, BATCH_KEYS, range)) {
    const subject = { type: row.subject_type, id: bytesToId<MemberId>(row.subject) };
    const { key_version: keyVersion, sealed } = row;
    const batch = row.batch.toString("hex");
    if (batchIdOf(practice, { subject, keyVersion, sealed }) !== batch)
      report("batch-key", "batch_keys", `batch ${batch}`);
  }
  const missing = await store.tx<{ batch: Buffer; wraps: number }[]>`
    select w.batch, count(*)::int4 as wraps from wraps w
    where w.practice = ${owner} and w.batch is not null
      and not exists (select from batch_keys k where k.practice = w.practice and k.batch = w.batch
        and k.subject_type = w.subject_type and k.subject = w.subject
        and k.key_version = w.key_version)
    group by w.batch order by w.batch`;
  for (const { batch, wraps } of missing)
    report("batch-key-missing", "batch_keys", `batch ${batch.toString("hex")}, ${wraps} wraps`);
}

/** Only of sealed cells can the size be told, and of kits whose they are. */
async function checkCells(who: Store, state: PracticeState, report: Report): Promise<void> {
  const owner = Buffer.from(state.practice, "hex");
  const cells = await who.tx<{ token: Buffer }[]>`
    select token from lookup_cells
    where practice = ${owner} and octet_length(cell) is distinct from ${LOOKUP_CELL_BYTES}`;
  for (const { token } of cells) report("lookup-cell", "lookup_cells", token.toString("hex"));
  const kits = await who.tx<{ member: Buffer; size: number }[]>`
    select member, octet_length(blob) as size from kits where practice = ${owner}`;
  for (const { member, size } of kits) {
    const isKnown = state.members[member.toString("hex") as MemberId] !== undefined;
    if (!isKnown || size <= BOX_OVERHEAD) report("kit", "kits", `member ${member.toString("hex")}`);
  }
}

/** Acceptances are named by their hashes, also those that no row asks for. */
async function checkAcceptances(
  store: Store,
  practice: PracticeId,
  { isGate, report }: { isGate: boolean; report: Report },
): Promise<void> {
  const { tx } = store;
  const name = tx(isGate ? "id" : "hash");
  const signed = tx(isGate ? "signed" : "acceptance");
  const rows = await tx<{ name: Buffer }[]>`
    select ${name} as name from acceptances
    where practice = ${Buffer.from(practice, "hex")} and sha256(${signed}) <> ${name}`;
  for (const row of rows) report("acceptance", "acceptances", row.name.toString("hex"));
}

/** Verifies what belongs to a practice and to no file of it. */
export async function checkLoose(
  stores: Stores,
  { state }: KnownPractice,
  tally: Tally,
): Promise<void> {
  const { practice } = state;
  for (const service of ["who", "what", "gate"] as const) {
    const store = stores[service];
    const report = reportInto(tally.broken, { service, practice });
    await checkStops(store, state, report);
    await checkAcceptances(store, practice, { isGate: service === "gate", report });
    if (service === "gate") await checkPending(store, state, report);
    else await checkBatchKeys(store, practice, report);
    if (service === "who") await checkCells(store, state, report);
  }
}

/** Names each table that holds rows of a practice which has no chain here; those of files are found with the files. */
export async function checkForeign(
  stores: Stores,
  { known, tally }: { known: readonly PracticeId[]; tally: Tally },
): Promise<void> {
  const own = known.map((practice) => Buffer.from(practice, "hex"));
  for (const service of ["who", "what", "gate"] as const satisfies readonly StoreName[]) {
    const { tx } = stores[service];
    const tables = await tx<{ name: string }[]>`
      select c.table_name as name from information_schema.columns c
      where c.table_schema = 'public' and c.column_name = 'practice' and not exists (
        select from information_schema.columns f where f.table_schema = 'public'
          and f.table_name = c.table_name and f.column_name = 'file')
      order by 1`;
    for (const { name } of tables) {
      const rows = await tx<{ practice: Buffer }[]>`
        select distinct practice from ${tx(name)} where practice <> all(${tx.array(own, 1001)}::bytea[])`;
      for (const row of rows) {
        const practice = row.practice.toString("hex") as PracticeId;
        reportInto(tally.broken, { service, practice })("foreign-row", name, "");
      }
    }
  }
}
