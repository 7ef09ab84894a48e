import { bytesToHex, sha256, type FileId } from "@sinetti/core";
import {
  FhirError,
  fhirDuplicateKey,
  mapBundle,
  parseBundleText,
  type MappedBundle,
} from "@sinetti/practice";
import type { Client } from "../client.ts";
import { authorTime } from "./body.ts";
import { beginRun, type ImportRun } from "./importRun.ts";
import { recordOf, responsibleTherapist, type ImportedRecord } from "./importedRecord.ts";
import { importAttached } from "./importAttached.ts";
import { importGroup, type Candidate } from "./importGroup.ts";
import { toCandidate } from "./mappedCandidate.ts";

/** One bundle to import. */
export interface FhirSource {
  /** Shown in the report; a file's name. */
  readonly name: string;
  /** The bundle's JSON. An error is reported as `unreadable`. */
  read(): Promise<string>;
  /** A document of the package beside the bundle, `documents/…`; null: it is not there. */
  document?(path: string): Promise<AsyncIterable<Uint8Array> | null>;
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
  /** Patients who cannot be found by name or number yet: more than a day's listing without another person's approval. */
  unlisted: number;
  /** Documents that an export of ours names and that did not lie beside it; their entries are here without them. */
  missingDocuments: number;
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
  /** What the caseload calls a patient of whom the source gives no name. */
  readonly nameless?: string;
  readonly onProgress: (done: number, total: number) => void;
  /** Asked between groups: true ends the import after what was begun is whole. */
  readonly isStopped: () => boolean;
  /** Told each patient who is whole, to be assigned. */
  readonly onRecord?: (record: ImportedRecord) => void;
  /** Whether a patient goes to a colleague, so that this member's own grant is short. */
  readonly isHandedOver?: (record: ImportedRecord) => boolean;
}

/** A source that was read. */
interface GroupMember {
  readonly source: FhirSource;
  readonly key: string;
  readonly mapped: MappedBundle;
}

/** Patients that are created in one request. */
const GROUP = 8;

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
    unlisted: 0,
    missingDocuments: 0,
    rejected: [],
    byType: {},
    keptByType: {},
  };
  const run = options.dryRun ? null : await beginRun(client, options);
  const sourceByKey = new Map<string, string>();
  let group: GroupMember[] = [];
  let writing = Promise.resolve();
  for (const [index, source] of sources.entries()) {
    if (options.isStopped()) break;
    const read = await readSource(client, source, { zone: options.zone, sourceByKey });
    if ("reason" in read) report.rejected.push({ file: source.name, reason: read.reason });
    else group.push({ source, ...read });
    if (group.length === GROUP || index === sources.length - 1) {
      await writing;
      writing = takeGroup(client, group, { run, report, options });
      // It is awaited below; until then the next group is read, and a failure waits.
      writing.catch(() => undefined);
      group = [];
    }
    options.onProgress(index + 1, sources.length);
  }
  await writing;
  return report;
}

async function readSource(
  client: Client,
  source: FhirSource,
  { zone, sourceByKey }: { zone: string; sourceByKey: Map<string, string> },
): Promise<{ key: string; mapped: MappedBundle } | { reason: string }> {
  const text = await source.read().catch(() => null);
  if (text === null) return { reason: "unreadable" };
  try {
    const bundle = parseBundleText(text);
    const key = fhirDuplicateKey(bundle);
    const first = sourceByKey.get(key);
    if (first !== undefined) return { reason: `duplicate: the same patient as ${first}` };
    const hash = (value: string): string => bytesToHex(sha256(new TextEncoder().encode(value)));
    const mapped = mapBundle(bundle, { at: authorTime(client.context), zone, sha256: hash });
    sourceByKey.set(key, source.name);
    return { key, mapped };
  } catch (error) {
    if (error instanceof FhirError) return { reason: describe(error) };
    throw error;
  }
}

async function takeGroup(
  client: Client,
  group: readonly GroupMember[],
  { run, report, options }: { run: ImportRun | null; report: ImportReport; options: ImportOptions },
): Promise<void> {
  const refused = new Set<string>();
  const others = group.filter(({ mapped }) => run === null || !isFromHere(mapped, run));
  report.unchanged += group.length - others.length;
  if (run !== null && others.length > 0) {
    const imported = others.map(({ source, key, mapped }) => {
      const candidate = toCandidate(source.name, mapped, { key, importKey: run.importKey });
      const record = recordOf(candidate, { key, therapist: responsibleTherapist(mapped) });
      const isHandedOver = options.isHandedOver?.(record) ?? false;
      return { candidate: { ...candidate, isHandedOver }, record };
    });
    const candidates = imported.map(({ candidate }) => candidate);
    const done = await importGroup(client, candidates, run);
    report.patients += done.patients;
    report.entries += done.entries;
    report.unchanged += done.unchanged;
    report.unlisted += done.unlisted;
    report.rejected.push(...done.rejected);
    for (const { files } of candidates)
      for (const file of files.values()) client.context.files.forget(file);
    for (const { file } of done.rejected) refused.add(file);
    for (const { candidate, record } of imported)
      if (!refused.has(candidate.source)) options.onRecord?.(record);
    for (const [index, { source }] of others.entries()) {
      const candidate = candidates[index];
      if (candidate !== undefined && !refused.has(source.name))
        await takeDocuments(client, candidate, { source, report });
    }
  }
  for (const { source, mapped } of group) if (!refused.has(source.name)) countTypes(report, mapped);
}

/** An export of a record of this practice, which stands here under the same name and holds all of it, and more. */
function isFromHere({ patient }: MappedBundle, { granted }: ImportRun): boolean {
  return granted.has(patient.slice("Patient/".length) as FileId);
}

/** The entries whose documents lie beside an export of ours. */
async function takeDocuments(
  client: Client,
  { files, attached = [] }: Candidate,
  { source, report }: { source: FhirSource; report: ImportReport },
): Promise<void> {
  const care = files.get("care");
  if (care === undefined || attached.length === 0) return;
  const open = (path: string) => source.document?.(path) ?? Promise.resolve(null);
  const done = await importAttached(client, { care, drafts: attached, open });
  report.entries += done.entries;
  report.missingDocuments += done.missing;
  client.context.files.forget(care);
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
