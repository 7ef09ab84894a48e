import { bytesToHex, sha256, type EntryId, type FileId, type Secret } from "@sinetti/core";
import { importEntryId, importFileId, importKeyFromBytes } from "@sinetti/core/secret";
import {
  FhirError,
  displayName,
  fhirDuplicateKey,
  foldIdentity,
  mapBundle,
  parseBundleText,
  type EntryDraft,
  type MappedBundle,
  type RecordCompartment,
  type EntryBody,
} from "@sinetti/practice";
import { appendEntries, type AppendWish, type EntryWish } from "../appendEntries.ts";
import type { Client } from "../client.ts";
import { createFiles, type FileWish } from "../createFiles.ts";
import { ClientError, isRefusal } from "../errors.ts";
import type { FileRef } from "../fileBook.ts";
import type { KnownFile } from "../fileCache.ts";
import { fetchFiles } from "../openFiles.ts";
import { authorTime, encodeBody } from "./body.ts";
import { importKeyOf, lookupKeyOf, openDirectory } from "./directory.ts";
import { indexPatient } from "./lookup.ts";
import { openOne, patientFiles, rosterLine } from "./patients.ts";
import { listGranted } from "./practiceFiles.ts";
import { openRoster, putPatients } from "./roster.ts";

/** One bundle to import. */
export interface FhirSource {
  /** Shown in the report; a file's name. */
  readonly name: string;
  /** The bundle's JSON. An error is reported as `unreadable`. */
  read(): Promise<string>;
}

/** What an import did. */
export interface ImportReport {
  /** Patients who were not here before. */
  patients: number;
  /** Entries written. */
  entries: number;
  /** Resources kept whole as sealed source documents, because no record has a place for them. */
  kept: number;
  /** Patients who were here already, with every entry. */
  unchanged: number;
  readonly rejected: { file: string; reason: string }[];
  /** Resources in the files that were taken, by type. */
  readonly byType: Record<string, number>;
  readonly keptByType: Record<string, number>;
}

/** How to import. */
export interface ImportOptions {
  /** True: read and map everything, write nothing. */
  readonly dryRun: boolean;
  /** IANA zone in which appointments are shown. */
  readonly zone: string;
  readonly onProgress: (done: number, total: number) => void;
  /** Asked between groups: true ends the import after what was begun is whole. */
  readonly isStopped: () => boolean;
}

/** Patients that are created in one request. */
const GROUP = 8;
/** Sealed bytes in one append request, well under the vault's limit. */
const REQUEST_BYTES = 6 * 1024 * 1024;
const ENTRIES_PER_APPEND = 256;

interface Candidate {
  readonly source: string;
  readonly key: string;
  readonly mapped: MappedBundle;
  readonly identity: FileId;
  readonly care: FileId;
}

/**
 * Imports FHIR R4 bundles, one patient each. Files and entries are named by the practice's import key, so a second run
 * finds what the first has written, adds what is missing, and opens no record. A source that cannot be read is named and
 * skipped; the rest goes in. Whatever is interrupted, the next run ends in the same state.
 */
export async function importFhir(
  client: Client,
  sources: readonly FhirSource[],
  options: ImportOptions,
): Promise<ImportReport> {
  const report: ImportReport = {
    patients: 0,
    entries: 0,
    kept: 0,
    unchanged: 0,
    rejected: [],
    byType: {},
    keptByType: {},
  };
  const key = options.dryRun ? null : await loadImportKey(client);
  const granted = options.dryRun
    ? new Set<FileId>()
    : new Set(
        (
          await Promise.all([
            listGranted(client.context, "who"),
            listGranted(client.context, "what"),
          ])
        )
          .flat()
          .map(({ file }) => file),
      );
  const sourceByKey = new Map<string, string>();
  let group: Candidate[] = [];
  for (const [index, source] of sources.entries()) {
    if (options.isStopped()) break;
    const candidate = await readCandidate(client, source, { options, key, report, sourceByKey });
    if (candidate !== null) group.push(candidate);
    if (group.length === GROUP || index === sources.length - 1) {
      if (key !== null) await importGroup(client, group, { granted, report, key });
      group = [];
    }
    options.onProgress(index + 1, sources.length);
  }
  return report;
}

const IMPORT_KEY_CELL = "own/import-key";

async function loadImportKey(client: Client): Promise<Secret<"import-key">> {
  const { device } = client.context;
  const kept = await device.read(IMPORT_KEY_CELL);
  if (kept !== null) return importKeyFromBytes(kept);
  const directory = await openDirectory(client.context);
  const practice = directory.values.get("practice");
  const key = importKeyOf(directory);
  if (practice?.kind === "practice")
    await device.write([
      device.seal(
        IMPORT_KEY_CELL,
        Uint8Array.from(practice.importKey.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16)),
      ),
    ]);
  return key;
}

async function readCandidate(
  client: Client,
  source: FhirSource,
  run: {
    options: ImportOptions;
    key: Secret<"import-key"> | null;
    report: ImportReport;
    sourceByKey: Map<string, string>;
  },
): Promise<Candidate | null> {
  const { report, sourceByKey } = run;
  const reject = (reason: string): null => {
    report.rejected.push({ file: source.name, reason });
    return null;
  };
  let text: string;
  try {
    text = await source.read();
  } catch {
    return reject("unreadable");
  }
  try {
    const bundle = parseBundleText(text);
    const key = fhirDuplicateKey(bundle);
    const first = sourceByKey.get(key);
    if (first !== undefined) return reject(`duplicate: the same patient as ${first}`);
    const mapped = mapBundle(bundle, {
      at: authorTime(client.context),
      zone: run.options.zone,
      sha256: (value) => bytesToHex(sha256(new TextEncoder().encode(value))),
    });
    sourceByKey.set(key, source.name);
    countTypes(report, mapped);
    const named = (compartment: string): FileId =>
      run.key === null
        ? ("" as FileId)
        : importFileId(run.key, new TextEncoder().encode(`${compartment}\n${key}`));
    return { source: source.name, key, mapped, identity: named("identity"), care: named("care") };
  } catch (error) {
    if (error instanceof FhirError) return reject(describe(error));
    throw error;
  }
}

function describe({ code, resourceIndex, field }: FhirError): string {
  if (resourceIndex === undefined) return code;
  return `${code}: entry ${resourceIndex}${field === undefined ? "" : `, ${field}`}`;
}

function countTypes(report: ImportReport, mapped: MappedBundle): void {
  for (const [type, { mapped: records, kept }] of Object.entries(mapped.byType)) {
    report.byType[type] = (report.byType[type] ?? 0) + records + kept;
    if (kept > 0) report.keptByType[type] = (report.keptByType[type] ?? 0) + kept;
    report.kept += kept;
  }
}

interface Group {
  readonly granted: ReadonlySet<FileId>;
  readonly report: ImportReport;
  readonly key: Secret<"import-key">;
}

function doneCell(identity: FileId): string {
  return `imported/${identity}`;
}

async function importGroup(client: Client, group: readonly Candidate[], run: Group): Promise<void> {
  const { context } = client;
  const fresh = group.filter(
    ({ identity, care }) => !run.granted.has(identity) || !run.granted.has(care),
  );
  const taken = await createMissing(client, fresh, run);
  const wishes: { candidate: Candidate; who: readonly EntryWish[]; what: readonly EntryWish[] }[] =
    [];
  const held = await heldEntries(
    client,
    group.filter((candidate) => !taken.has(candidate)),
  );
  for (const candidate of group) {
    if (taken.has(candidate)) continue;
    const { who, what } = draftEntries(candidate, run.key);
    const isMissing = ({ id }: EntryWish): boolean => !held.has(id);
    wishes.push({ candidate, who: who.filter(isMissing), what: what.filter(isMissing) });
  }
  await appendMissing(
    client,
    "who",
    wishes.map(({ candidate, who }) => ({ file: candidate.identity, entries: who })),
    run.report,
  );
  await appendMissing(
    client,
    "what",
    wishes.map(({ candidate, what }) => ({ file: candidate.care, entries: what })),
    run.report,
  );
  const unfinished: Candidate[] = [];
  for (const { candidate, who, what } of wishes) {
    const isDone = (await context.device.read(doneCell(candidate.identity))) !== null;
    if (!isDone) unfinished.push(candidate);
    else if (who.length + what.length === 0) run.report.unchanged++;
  }
  await finish(client, unfinished, run.report);
}

/** Creates the files that are not there yet; candidates whose files a colleague holds are rejected and returned. */
async function createMissing(
  client: Client,
  fresh: readonly Candidate[],
  run: Group,
): Promise<Set<Candidate>> {
  const refused = new Set<Candidate>();
  const wish = (candidate: Candidate, compartment: "identity" | "care"): FileWish[] =>
    run.granted.has(candidate[compartment]) || refused.has(candidate)
      ? []
      : [patientFiles(client, { identity: candidate.identity, care: candidate.care })[compartment]];
  for (const compartment of ["identity", "care"] as const) {
    const wishes = fresh.flatMap((candidate) => wish(candidate, compartment));
    if (wishes.length === 0) continue;
    try {
      await createFiles(client.context, wishes);
    } catch (error) {
      if (!isTaken(error)) throw error;
      for (const candidate of fresh)
        await createAlone(client, candidate, { compartment, refused, run });
    }
  }
  return refused;
}

async function createAlone(
  client: Client,
  candidate: Candidate,
  {
    compartment,
    refused,
    run,
  }: { compartment: "identity" | "care"; refused: Set<Candidate>; run: Group },
): Promise<void> {
  if (run.granted.has(candidate[compartment]) || refused.has(candidate)) return;
  try {
    await createFiles(client.context, [
      patientFiles(client, { identity: candidate.identity, care: candidate.care })[compartment],
    ]);
  } catch (error) {
    if (!isTaken(error)) throw error;
    client.context.files.forget(candidate[compartment]);
    refused.add(candidate);
    run.report.rejected.push({ file: candidate.source, reason: "already imported by a colleague" });
  }
}

function isTaken(error: unknown): boolean {
  return (
    isRefusal(error, "conflict") ||
    (error instanceof ClientError &&
      error.code === "refused" &&
      error.detail === "gate: the record exists already")
  );
}

async function heldEntries(client: Client, group: readonly Candidate[]): Promise<Set<EntryId>> {
  const held = new Set<EntryId>();
  const add = (file: KnownFile): void =>
    file.links.forEach(({ body }) => body.entries.forEach(({ id }) => held.add(id)));
  for (const vault of ["who", "what"] as const) {
    const refs = group.map((candidate): FileRef => ({
      file: vault === "who" ? candidate.identity : candidate.care,
      vault,
    }));
    for (const { file } of (await fetchFiles(client.context, refs, { boxes: false })).values())
      add(file);
  }
  return held;
}

function draftEntries(
  { mapped, identity, care, key }: Candidate,
  importKey: Secret<"import-key">,
): { who: EntryWish[]; what: EntryWish[] } {
  const wish = <C extends RecordCompartment>(
    compartment: C,
    { sourceId, body }: EntryDraft<EntryBody<C>>,
  ): EntryWish => ({
    id: importEntryId(importKey, new TextEncoder().encode(`${compartment}\n${key}\n${sourceId}`)),
    class: "entry",
    body: encodeBody(compartment, body),
  });
  const at = mapped.identity[0]?.body.at ?? mapped.care[0]?.body.at ?? new Date(0).toISOString();
  const links = wish("identity", { sourceId: "links", body: { v: 1, type: "links", at, care } });
  const back = wish("care", { sourceId: "links", body: { v: 1, type: "links", at, identity } });
  return {
    who: [...mapped.identity.map((draft) => wish("identity", draft)), links],
    what: [back, ...[...mapped.care, ...mapped.kept].map((draft) => wish("care", draft))],
  };
}

async function appendMissing(
  client: Client,
  vault: "who" | "what",
  missing: readonly { file: FileId; entries: readonly EntryWish[] }[],
  report: ImportReport,
): Promise<void> {
  const { context } = client;
  let batch: AppendWish[] = [];
  let bytes = 0;
  const send = async (): Promise<void> => {
    await appendEntries(context, batch);
    report.entries += batch.reduce((sum, { entries }) => sum + entries.length, 0);
    batch = [];
    bytes = 0;
  };
  for (const { file: id, entries } of missing) {
    if (entries.length === 0) continue;
    const held = await context.files.get({ file: id, vault });
    const file =
      held !== null && held.keys.size > 0
        ? held
        : await openOne(context, { file: id, vault }, "import");
    for (const part of parts(entries)) {
      const size = part.reduce((sum, { body }) => sum + body.length * 2, 0);
      if (
        batch.length > 0 &&
        (bytes + size > REQUEST_BYTES || batch.some((wish) => wish.file === file))
      )
        await send();
      batch.push({ file, entries: part });
      bytes += size;
    }
  }
  await send();
}

/** Cuts entries into appends: at most 256, and at most one request's bytes. */
function* parts(entries: readonly EntryWish[]): Generator<EntryWish[]> {
  let part: EntryWish[] = [];
  let bytes = 0;
  for (const entry of entries) {
    if (
      part.length === ENTRIES_PER_APPEND ||
      (part.length > 0 && bytes + entry.body.length * 2 > REQUEST_BYTES)
    ) {
      yield part;
      part = [];
      bytes = 0;
    }
    part.push(entry);
    bytes += entry.body.length * 2;
  }
  if (part.length > 0) yield part;
}

/** Lookup and roster come last; a patient counts as imported once both are written. */
async function finish(
  client: Client,
  candidates: readonly Candidate[],
  report: ImportReport,
): Promise<void> {
  if (candidates.length === 0) return;
  const { context } = client;
  const lookupKey = lookupKeyOf(await openDirectory(context));
  const roster = client.roles.includes("therapist") ? await openRoster(context, true) : null;
  const lines = [];
  for (const { mapped, identity, care } of candidates) {
    const folded = foldIdentity(
      mapped.identity.map(({ sourceId, body }) => ({ entry: sourceId, body })),
    );
    await indexPatient(context, lookupKey, { file: identity, identity: folded });
    const name = folded.person === undefined ? "" : displayName(folded.person);
    if (!(roster?.values.has(identity) ?? true))
      lines.push(rosterLine(identity, { name: name === "" ? "?" : name, care }));
  }
  if (roster !== null) await putPatients(context, roster, lines);
  await context.device.write(
    candidates.map(({ identity }) => context.device.seal(doneCell(identity), new Uint8Array(0))),
  );
  report.patients += candidates.length;
}
