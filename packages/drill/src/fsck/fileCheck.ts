import {
  FILE_AUTHORITY,
  accessHead,
  accessStateShape,
  encodeShape,
  epochAt,
  equalBytes,
  hashStatement,
  phaseAt,
  vaultOf,
  type AccessState,
} from "@sinetti/core";

import { foldAccess, type FileScene, type FoldedAccess } from "./accessCheck.ts";
import { checkAttachments } from "./attachmentCheck.ts";
import { reportInto, type Report } from "./broken.ts";
import { foldRecord, isPadded, type FoldedRecord } from "./recordCheck.ts";
import type {
  AccessLinkRow,
  ChunkRow,
  DraftRow,
  EntryRow,
  GateFileRow,
  HoldingRow,
  RecordLinkRow,
  ShareRow,
  VaultFileRow,
  WrapRow,
} from "./tables.ts";
import { checkHoldings, checkShares, checkWraps } from "./wrapCheck.ts";

/** What a vault keeps of one file. */
export interface VaultRows {
  readonly service: "who" | "what";
  readonly files: readonly VaultFileRow[];
  readonly access_links: readonly AccessLinkRow[];
  readonly shares: readonly ShareRow[];
  readonly wraps: readonly WrapRow[];
  readonly holdings: readonly HoldingRow[];
  readonly drafts: readonly DraftRow[];
  readonly record_links: AsyncIterable<RecordLinkRow>;
  readonly entries: AsyncIterator<EntryRow>;
  readonly attachments: AsyncIterable<ChunkRow>;
}
/** What a gate keeps of one file. */
export interface GateRows {
  readonly files: readonly GateFileRow[];
  readonly access_links: readonly AccessLinkRow[];
  readonly shares: readonly ShareRow[];
  readonly holdings: readonly HoldingRow[];
}

function checkDrafts(rows: readonly DraftRow[], state: AccessState, report: Report): void {
  const { epoch } = epochAt(state);
  for (const row of rows) {
    const where = `draft ${row.draft.toString("hex")}`;
    if (phaseAt(state) === "erased") report("left-behind", "drafts", where);
    else if (!isPadded(row.size) || row.epoch < 1 || row.epoch > epoch)
      report("draft", "drafts", where);
  }
}

function checkVaultRow(
  row: VaultFileRow,
  { state, record }: { state: AccessState; record: FoldedRecord },
  report: Report,
): void {
  const head = accessHead(state);
  if (row.access_seq !== head.seq || row.access_hash.toString("hex") !== head.hash)
    report("head", "files", "access");
  else if (
    !equalBytes(row.access_state, encodeShape(accessStateShape, state)) ||
    row.phase !== phaseAt(state) ||
    row.compartment !== state.compartment
  )
    report("state", "files", "access");
  if (!record.isWhole) return;
  const folded = record.state;
  const hash = row.record_hash?.toString("hex") ?? null;
  if (row.record_seq !== (folded.head?.seq ?? null) || hash !== (folded.head?.hash ?? null))
    report("head", "files", "record");
  else if (
    row.record_entries !== folded.entries ||
    row.record_seen !== folded.seenSeq ||
    row.record_access !== folded.accessSeq ||
    row.record_snapshot !== folded.snapshotSeq
  )
    report("state", "files", "record");
}

/** What a vault's rows of a file gave. */
export interface CheckedVault {
  readonly service: "who" | "what";
  readonly access: FoldedAccess;
  readonly record: FoldedRecord;
  readonly links: readonly AccessLinkRow[];
}

/** Where the vault's own access chain is broken, the gate's tells who might write, so that the record is verified all the same. */
function stateBeside(
  own: FoldedAccess,
  gateLinks: readonly AccessLinkRow[],
  scene: FileScene,
): AccessState | null {
  if (own.isWhole && own.state !== null) return own.state;
  const quiet = { scene, report: () => undefined };
  return foldAccess(gateLinks, quiet).state ?? own.state;
}

/** Verifies everything that a vault keeps of one file; null: nothing hangs together there. */
export async function checkVaultFile(
  rows: VaultRows,
  gateLinks: readonly AccessLinkRow[],
  scene: FileScene,
): Promise<CheckedVault | null> {
  const { service } = rows;
  const { practice, file, tally } = scene;
  const report = reportInto(tally.broken, { service, practice, file });
  const access = foldAccess(rows.access_links, { scene, report });
  if (rows.access_links.length === 0) report("link-missing", "access_links", "seq 0");
  const state = stateBeside(access, gateLinks, scene);
  if (state === null) return null;
  tally.chains++;
  if (vaultOf(state.compartment) !== service) report("wrong-vault", "files", "");
  const record = await foldRecord(
    { links: rows.record_links, entries: rows.entries },
    { scene, access: state, report },
  );
  if (record.heads.length > 0) tally.chains++;
  await checkAttachments(rows.attachments, { access: state, record }, report);
  if (access.isWhole) {
    checkWraps(rows.wraps, { ...access, state }, report);
    checkShares(rows.shares, { ...access, state }, report);
    checkHoldings(rows.holdings, { state, isGate: false }, report);
    checkDrafts(rows.drafts, state, report);
    const [row] = rows.files;
    if (row === undefined) report("file-missing", "files", "");
    else checkVaultRow(row, { state, record }, report);
  }
  return { service, access, record, links: rows.access_links };
}

function checkGateRow(row: GateFileRow, state: AccessState, report: Report): void {
  if (row.access_seq !== accessHead(state).seq) return report("head", "files", "access");
  const isSame =
    equalBytes(row.access_state, encodeShape(accessStateShape, state)) &&
    row.epoch === epochAt(state).epoch &&
    row.class === FILE_AUTHORITY[state.compartment].counted &&
    (row.case_id?.toString("hex") ?? null) === state.case &&
    row.creator_device.toString("hex") === state.creator;
  if (!isSame) report("state", "files", "access");
}

/** The head that readers have reported to the gate stands in the vault's chain. */
function checkReported(
  row: GateFileRow,
  vault: CheckedVault,
  { scene, report }: { scene: FileScene; report: Report },
): void {
  const { record_seq: seq, record_hash: hash } = row;
  if (seq === null || hash === null || !vault.record.isWhole) return;
  const { practice, file, tally } = scene;
  const where = `seq ${seq}`;
  const held = vault.record.heads[seq];
  if (held === undefined)
    tally.suspects.push({
      service: vault.service,
      practice,
      file,
      what: "record-behind",
      table: "record_links",
      where,
      length: seq + 1,
    });
  else if (held !== hash.toString("hex")) report("record-fork", "files", where);
}

/** The gate's chain: what stands at the vault too was verified there, bit for bit; the rest is verified here. */
function foldGate(
  rows: GateRows,
  vault: CheckedVault | null,
  { scene, report }: { scene: FileScene; report: Report },
): FoldedAccess {
  const verified = vault?.access.isWhole === true ? vault.access.state : null;
  const isSame =
    verified !== null &&
    rows.access_links.length >= verified.heads.length &&
    verified.heads.every((head, seq) => {
      const row = rows.access_links[seq];
      return row !== undefined && row.seq === seq && hashStatement(row.statement) === head;
    });
  if (!isSame || verified === null) return foldAccess(rows.access_links, { scene, report });
  for (const row of rows.access_links.slice(0, verified.heads.length))
    if (row.signed === null) report("acceptance-missing", "access_links", `seq ${row.seq}`);
  const shares = new Map(vault?.access.shares);
  const rest = rows.access_links.slice(verified.heads.length);
  if (rest.length === 0) return { state: verified, isWhole: true, wraps: [], shares };
  const more = foldAccess(rest, { scene, report, start: structuredClone(verified) });
  return { ...more, shares: new Map([...shares, ...more.shares]) };
}

/** Verifies what the gate keeps of one file, and compares it with its vault. */
export function checkGateFile(rows: GateRows, vault: CheckedVault | null, scene: FileScene): void {
  const { practice, file, tally } = scene;
  const report = reportInto(tally.broken, { service: "gate", practice, file });
  const folded = foldGate(rows, vault, { scene, report });
  const { state } = folded;
  if (state === null) {
    if (rows.access_links.length === 0) report("link-missing", "access_links", "seq 0");
    return;
  }
  if (folded.isWhole) {
    checkShares(rows.shares, { state, shares: folded.shares }, report);
    checkHoldings(rows.holdings, { state, isGate: true }, report);
    const [row] = rows.files;
    if (row === undefined) report("file-missing", "files", "");
    else {
      checkGateRow(row, state, report);
      if (vault !== null) checkReported(row, vault, { scene, report });
    }
  }
  compareHeads(state, vault, { scene, isWhole: folded.isWhole });
}

function compareHeads(
  state: AccessState,
  vault: CheckedVault | null,
  { scene, isWhole }: { scene: FileScene; isWhole: boolean },
): void {
  const { practice, file, tally } = scene;
  const service = vault?.service ?? vaultOf(state.compartment);
  const report = reportInto(tally.broken, { service, practice, file });
  const base = { service, practice, file, table: "access_links", length: state.heads.length };
  if (vault === null) {
    const isThere = tally.broken.some((each) => each.file === file && each.service === service);
    if (!isThere) tally.suspects.push({ ...base, what: "file-missing", where: "seq 0" });
    return;
  }
  const held = vault.access.state;
  if (held === null || !vault.access.isWhole || !isWhole) return;
  if (held.heads.length > state.heads.length)
    report("vault-ahead", "access_links", `seq ${held.heads.length - 1}`);
  else if (held.heads.at(-1) !== state.heads[held.heads.length - 1])
    report("fork", "access_links", `seq ${held.heads.length - 1}`);
  else if (held.heads.length < state.heads.length)
    tally.suspects.push({ ...base, what: "vault-behind", where: `seq ${state.heads.length - 1}` });
}
