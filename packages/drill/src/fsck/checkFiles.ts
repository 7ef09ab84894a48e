import type { FileId, PracticeId } from "@sinetti/core";

import { AcceptanceBook } from "./acceptances.ts";
import type { FileScene } from "./accessCheck.ts";
import { reportInto, type StoreName } from "./broken.ts";
import {
  checkGateFile,
  checkVaultFile,
  type CheckedVault,
  type GateRows,
  type VaultRows,
} from "./fileCheck.ts";
import type { KnownPractices } from "./practiceKnown.ts";
import { FileRows, readRows, type FileRow, type Range, type TableSpec } from "./rows.ts";
import type { Stores } from "./store.ts";
import {
  GATE_TABLES,
  VAULT_TABLES,
  type AccessLinkRow,
  type ChunkRow,
  type DraftRow,
  type EntryRow,
  type GateFileRow,
  type HoldingRow,
  type RecordLinkRow,
  type ShareRow,
  type VaultFileRow,
  type WrapRow,
} from "./tables.ts";
import type { Tally } from "./tally.ts";

type Opener = <R extends FileRow>(spec: TableSpec) => FileRows<R>;

function openVault(open: Opener) {
  return {
    files: open<VaultFileRow>(VAULT_TABLES.files),
    access_links: open<AccessLinkRow>(VAULT_TABLES.access_links),
    shares: open<ShareRow>(VAULT_TABLES.shares),
    wraps: open<WrapRow>(VAULT_TABLES.wraps),
    holdings: open<HoldingRow>(VAULT_TABLES.holdings),
    record_links: open<RecordLinkRow>(VAULT_TABLES.record_links),
    entries: open<EntryRow>(VAULT_TABLES.entries),
    drafts: open<DraftRow>(VAULT_TABLES.drafts),
    attachments: open<ChunkRow>(VAULT_TABLES.attachments),
  };
}

function openGate(open: Opener) {
  return {
    files: open<GateFileRow>(GATE_TABLES.files),
    access_links: open<AccessLinkRow>(GATE_TABLES.access_links),
    shares: open<ShareRow>(GATE_TABLES.shares),
    holdings: open<HoldingRow>(GATE_TABLES.holdings),
  };
}

type Source = Record<string, FileRows<FileRow>>;

/** The lowest group that any table is at; null: all are read. */
async function nextGroup(sources: readonly Source[]): Promise<string | null> {
  let lowest: string | null = null;
  for (const rows of sources.flatMap((source) => Object.values(source))) {
    const group = await rows.group();
    if (group !== null && (lowest === null || group < lowest)) lowest = group;
  }
  return lowest;
}

async function hasRows(source: Source, group: string): Promise<boolean> {
  for (const rows of Object.values(source)) if ((await rows.group()) === group) return true;
  return false;
}

async function vaultRows(
  service: VaultRows["service"],
  source: ReturnType<typeof openVault>,
  group: string,
): Promise<VaultRows> {
  return {
    service,
    files: await source.files.take(group),
    access_links: await source.access_links.take(group),
    shares: await source.shares.take(group),
    wraps: await source.wraps.take(group),
    holdings: await source.holdings.take(group),
    drafts: await source.drafts.take(group),
    record_links: source.record_links.of(group),
    entries: source.entries.of(group),
    attachments: source.attachments.of(group),
  };
}

async function gateRows(source: ReturnType<typeof openGate>, group: string): Promise<GateRows> {
  return {
    files: await source.files.take(group),
    access_links: await source.access_links.take(group),
    shares: await source.shares.take(group),
    holdings: await source.holdings.take(group),
  };
}

/** Rows of a practice that nobody knows: each table that holds some is named once. */
async function reportForeign(
  sources: Readonly<Record<StoreName, Source>>,
  group: string,
  tally: Tally,
): Promise<void> {
  const [practice, file] = group.split(":") as [PracticeId, FileId];
  for (const service of ["who", "what", "gate"] as const)
    for (const [table, rows] of Object.entries(sources[service]))
      if ((await rows.take(group)).length > 0)
        reportInto(tally.broken, { service, practice, file })("foreign-row", table, "");
}

export interface FilesCheck {
  readonly range: Range;
  readonly known: KnownPractices;
  readonly tally: Tally;
  /** Called after each file. */
  readonly onFile: () => void;
  readonly isStopped: () => boolean;
}

/** Verifies every file of a range at its vault and at the gate, both read side by side in the order of their ids. */
export async function checkFiles(
  stores: Stores,
  { range, known, tally, onFile, isStopped }: FilesCheck,
): Promise<void> {
  const opener =
    (service: StoreName): Opener =>
    <R extends FileRow>(spec: TableSpec) =>
      new FileRows<R>(readRows<R>(stores[service].tx, spec, range));
  const vaults = { who: openVault(opener("who")), what: openVault(opener("what")) };
  const gate = openGate(opener("gate"));
  const sources = { ...vaults, gate } as unknown as Record<StoreName, Source>;
  const book = new AcceptanceBook(tally);
  for (;;) {
    const group = await nextGroup(Object.values(sources));
    if (group === null || isStopped()) return;
    const [practice, file] = group.split(":") as [PracticeId, FileId];
    const found = known.get(practice);
    if (found === undefined) {
      await reportForeign(sources, group, tally);
      continue;
    }
    const scene: FileScene = { practice, file, known: found, book, tally };
    const isAtGate = await hasRows(sources.gate, group);
    const ofGate = await gateRows(gate, group);
    let checked: CheckedVault | null = null;
    for (const service of ["who", "what"] as const) {
      if (!(await hasRows(sources[service], group))) continue;
      const rows = await vaultRows(service, vaults[service], group);
      checked = (await checkVaultFile(rows, ofGate.access_links, scene)) ?? checked;
      // Whatever a chain that does not hold left unread is none of the next file's.
      for (const rest of Object.values(sources[service])) await rest.take(group);
    }
    if (isAtGate) checkGateFile(ofGate, checked, scene);
    else if (checked !== null)
      reportInto(tally.broken, { service: "gate", practice, file })("file-unknown", "files", "");
    onFile();
  }
}
