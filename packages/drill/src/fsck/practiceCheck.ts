import {
  CoreError,
  acceptsLink,
  applyPracticeStatement,
  encodeShape,
  equalBytes,
  practiceHead,
  practiceStateShape,
  readGenesis,
  readStatement,
  startPractice,
  verifyAcceptance,
  type Hash,
  type Link,
  type PracticeId,
  type PracticeState,
  type SignPublicKey,
} from "@sinetti/core";

import { reportInto, type BrokenCode, type Report, type StoreName } from "./broken.ts";
import type { KnownPractice } from "./practiceKnown.ts";
import { EVERYTHING, readRows } from "./rows.ts";
import type { Store, Stores } from "./store.ts";
import type { Tally } from "./tally.ts";

interface LinkRow {
  readonly practice: Buffer;
  readonly seq: number;
  readonly hash: Buffer;
  readonly statement: Buffer;
  readonly acceptance: Buffer;
}
interface PracticeRow {
  readonly practice: Buffer;
  readonly state: Buffer;
  readonly head_seq: number;
  readonly head_hash: Buffer;
}

const LINKS = {
  table: "practice_links",
  columns: "hash, statement, acceptance",
  key: [
    ["practice", "bytea"],
    ["seq", "bigint"],
  ],
  pageSize: 200,
} as const;
const TABLE = "practice_links";

/** A practice chain at one service. */
interface Folded extends KnownPractice {
  readonly heads: readonly Hash[];
}

/** What a check of core says of a link. */
export function codeOf(error: unknown): BrokenCode {
  if (!(error instanceof CoreError)) throw error;
  switch (error.code) {
    case "bad-signature":
    case "malformed":
    case "not-canonical":
    case "unknown-version":
      return "link-signature";
    case "broken-chain":
    case "stale-epoch":
      return "link-order";
    case "wrong-practice":
      return "foreign-row";
    case "forked-chain":
      return "acceptance";
    default:
      return "link-refused";
  }
}

function foldGenesis(
  link: Link,
  acceptance: Uint8Array,
  { practice, report }: { practice: PracticeId; report: Report },
): PracticeState {
  const { services } = readGenesis(link.signed);
  const named: Link = { ...link, statement: { ...link.statement, id: practice } };
  const week = acceptedWeek(named, acceptance, { practice, key: services.gate, report });
  return startPractice(link.signed, { practice, week: week ?? 0 });
}

/** The week in which the gate took a link; null, and reported, when it does not say that it did. */
function acceptedWeek(
  link: Link,
  acceptance: Uint8Array,
  { practice, key, report }: { practice: PracticeId; key: SignPublicKey; report: Report },
): number | null {
  try {
    const accepted = verifyAcceptance(acceptance, key, practice);
    if (acceptsLink(accepted, link)) return accepted.week;
  } catch (error) {
    if (!(error instanceof CoreError)) throw error;
  }
  report("acceptance", TABLE, `seq ${link.statement.seq}`);
  return null;
}

/** Folds one row; gives whether it hangs on the one before. */
function foldRow(
  fold: { state: PracticeState | null; gateKeys: SignPublicKey[] },
  row: LinkRow,
  { practice, report }: { practice: PracticeId; report: Report },
): boolean {
  const where = `seq ${row.seq}`;
  const next = fold.state === null ? 0 : fold.state.heads.length;
  if (row.seq !== next) {
    report("link-missing", TABLE, `seq ${next}`);
    return false;
  }
  try {
    const link = readStatement(row.statement);
    if (link.hash !== row.hash.toString("hex")) report("link-hash", TABLE, where);
    if (fold.state === null) fold.state = foldGenesis(link, row.acceptance, { practice, report });
    else {
      const key = fold.state.services.gate;
      const week = acceptedWeek(link, row.acceptance, { practice, key, report });
      applyPracticeStatement(fold.state, link, { week: week ?? fold.state.week });
    }
    const { gate } = fold.state.services;
    if (!fold.gateKeys.some((key) => equalBytes(key, gate))) fold.gateKeys.push(gate);
    return true;
  } catch (error) {
    report(codeOf(error), TABLE, where);
    return false;
  }
}

async function foldChain(
  store: Store,
  { practice, report, tally }: { practice: PracticeId; report: Report; tally: Tally },
): Promise<Folded | null> {
  const fold: { state: PracticeState | null; gateKeys: SignPublicKey[] } = {
    state: null,
    gateKeys: [],
  };
  const range = { ...EVERYTHING, practice: Buffer.from(practice, "hex") };
  for await (const row of readRows<LinkRow>(store.tx, LINKS, range)) {
    if (!foldRow(fold, row, { practice, report })) break;
    tally.statements++;
  }
  const { state, gateKeys } = fold;
  return state === null ? null : { state, gateKeys, heads: state.heads };
}

function checkRow(row: PracticeRow, { state }: Folded, report: Report): void {
  const head = practiceHead(state);
  if (row.head_seq !== head.seq || row.head_hash.toString("hex") !== head.hash)
    report("head", "practices", `seq ${row.head_seq}`);
  else if (!equalBytes(row.state, encodeShape(practiceStateShape, state)))
    report("state", "practices", `seq ${row.head_seq}`);
}

/** The practices of a service with their rows. */
async function readPracticeRows(store: Store): Promise<Map<PracticeId, PracticeRow>> {
  const rows = await store.tx<PracticeRow[]>`
    select practice, state, head_seq::float8, head_hash from practices order by practice`;
  return new Map(rows.map((row) => [row.practice.toString("hex") as PracticeId, row]));
}

/** Verifies every practice chain at all three services and compares them; gives each practice folded as far as anybody has it. */
export async function checkPractices(
  stores: Stores,
  { only, tally }: { only: PracticeId | null; tally: Tally },
): Promise<Map<PracticeId, KnownPractice>> {
  const names = ["gate", "who", "what"] as const;
  const rows = {
    who: await readPracticeRows(stores.who),
    what: await readPracticeRows(stores.what),
    gate: await readPracticeRows(stores.gate),
  };
  const practices = new Set(names.flatMap((name) => [...rows[name].keys()]));
  const known = new Map<PracticeId, KnownPractice>();
  for (const practice of practices) {
    if (only !== null && practice !== only) continue;
    const folded = new Map<StoreName, Folded>();
    for (const service of names) {
      const report = reportInto(tally.broken, { service, practice });
      const chain = await foldChain(stores[service], { practice, report, tally });
      const row = rows[service].get(practice);
      if (chain === null || row === undefined) continue;
      checkRow(row, chain, report);
      folded.set(service, chain);
    }
    tally.chains++;
    compareServices(practice, folded, tally);
    const longest = [...folded.values()].toSorted((a, b) => b.heads.length - a.heads.length)[0];
    if (longest !== undefined) known.set(practice, longest);
  }
  return known;
}

function compareServices(
  practice: PracticeId,
  folded: ReadonlyMap<StoreName, Folded>,
  tally: Tally,
): void {
  const gate = folded.get("gate");
  if (gate === undefined) return;
  for (const service of ["who", "what"] as const) {
    const report = reportInto(tally.broken, { service, practice });
    const vault = folded.get(service);
    const length = gate.heads.length;
    const base = { service, practice, file: null, table: TABLE, length };
    if (vault === undefined) tally.suspects.push({ ...base, what: "practice-missing", where: "" });
    else if (vault.heads.length > length)
      report("vault-ahead", TABLE, `seq ${vault.heads.length - 1}`);
    else if (vault.heads.at(-1) !== gate.heads[vault.heads.length - 1])
      report("practice-fork", TABLE, `seq ${vault.heads.length - 1}`);
    else if (vault.heads.length < length)
      tally.suspects.push({ ...base, what: "practice-behind", where: `seq ${length - 1}` });
  }
}
