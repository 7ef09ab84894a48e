import { bytesToId, idToBytes, parseId, type MemberId, type SiteId } from "@sinetti/core";
import { CSV_KINDS, PracticeError, displayName, type CsvMapping } from "@sinetti/practice";
import type { Client } from "../../client.ts";
import { hardStop } from "../../errors.ts";
import { authorTime } from "../body.ts";
import { openDirectory, sites } from "../directory.ts";
import { recordOf } from "../importedRecord.ts";
import type { ImportOptions } from "../importFhir.ts";
import { importGroup, type Candidate } from "../importGroup.ts";
import type { ImportRun } from "../importRun.ts";
import { ScheduleImport } from "../importSchedule.ts";
import { importedFile, toCandidate } from "../mappedCandidate.ts";
import type { CsvBook } from "./csvBook.ts";
import { readCsvPatient, type CsvPatient } from "./csvPatient.ts";
import { emptyReport, type CsvReport, type RowReport } from "./csvReport.ts";

/** People in one group, and the size of their rows: few enough to be held, many enough that a request costs little. */
const GROUP = 64;
const GROUP_UNITS = 1024 * 1024;
/** While the services commit one group, the next is sealed. */
const GROUPS_AT_ONCE = 2;

/** How to import CSV files. */
export interface CsvImportOptions extends ImportOptions {
  /** How earlier files of this kind were read; null: by their headers. */
  readonly mapping: CsvMapping | null;
  /** True: one bad row, or one value that cannot be read, refuses everything. */
  readonly isStrict: boolean;
  /** The member whom the source names so; null: nobody here. */
  readonly therapistOf: (name: string) => MemberId | null;
}

/** One pass over everybody, with or without writing. */
export class CsvImport {
  readonly #client: Client;
  readonly #book: CsvBook;
  readonly #run: ImportRun;
  readonly #options: CsvImportOptions;
  readonly #report: CsvReport;
  #schedule: ScheduleImport | null = null;
  #counted: Promise<void> = Promise.resolve();

  constructor(
    client: Client,
    book: CsvBook,
    { run, options }: { run: ImportRun; options: CsvImportOptions },
  ) {
    this.#client = client;
    this.#book = book;
    this.#run = run;
    this.#options = options;
    this.#report = emptyReport(book.mapping);
    this.#report.rejected.push(...book.rejected);
  }

  async run(): Promise<CsvReport> {
    const { onProgress, isStopped } = this.#options;
    const { context, member } = this.#client;
    const by = { at: authorTime(context), author: member };
    const inFlight: Promise<void>[] = [];
    let done = 0;
    try {
      for (const owners of groups(this.#book)) {
        if (isStopped()) break;
        const patients: CsvPatient[] = [];
        for (const owner of owners) patients.push(await readCsvPatient(this.#book, owner, by));
        if (inFlight.length === GROUPS_AT_ONCE) await inFlight.shift();
        const taken = this.#take(patients);
        // It is awaited above or below; until then the next group is read, and a failure waits.
        taken.catch(() => undefined);
        inFlight.push(taken);
        done += owners.length;
        onProgress(done, this.#book.registry.size);
      }
      await Promise.all(inFlight);
    } finally {
      await Promise.allSettled(inFlight);
    }
    await this.#schedule?.end();
    this.#report.entries += this.#schedule?.entries ?? 0;
    sortRows(this.#report);
    return this.#report;
  }

  async #take(patients: readonly CsvPatient[]): Promise<void> {
    const known = patients.filter((patient) => this.#isKnown(patient));
    for (const patient of patients)
      if (!known.includes(patient)) this.#refuse(patient, "unknown-patient");
    const candidates = known.map((patient) => this.#candidate(patient));
    const whole = candidates.filter((candidate) => candidate !== null);
    const refused = this.#options.dryRun ? new Set<string>() : await this.#write(whole);
    // Schedules are shared by all groups: one after the other.
    const before = this.#counted;
    const counted = (async () => {
      await before;
      for (const [index, patient] of known.entries()) {
        const candidate = candidates[index] ?? null;
        if (candidate === null) this.#refuse(patient, "not-known");
        else if (refused.has(candidate.source)) this.#refuse(patient, "not-granted");
        else await this.#count(patient, candidate);
      }
    })();
    this.#counted = counted.catch(() => undefined);
    await counted;
  }

  /** Null: a record of this person is not one that can be kept; nobody else pays for it. */
  #candidate({ owner, key, identity, care, kept, therapist }: CsvPatient): Candidate | null {
    try {
      const drafts = { identity, office: [], care, kept };
      const named = { key, importKey: this.#run.importKey };
      const candidate = toCandidate(String(owner), drafts, named);
      const record = recordOf(candidate, { key, therapist });
      return { ...candidate, isHandedOver: this.#options.isHandedOver?.(record) ?? false };
    } catch (error) {
      if (error instanceof PracticeError) return null;
      throw error;
    }
  }

  /** Who have not been imported before are unknown where there is no file of patients. */
  #isKnown({ key }: CsvPatient): boolean {
    const { importKey, granted } = this.#run;
    return this.#book.hasPatients || granted.has(importedFile(importKey, "care", key));
  }

  async #write(candidates: readonly Candidate[]): Promise<Set<string>> {
    const report = this.#report;
    const done = await importGroup(this.#client, candidates, this.#run);
    report.patients += done.patients;
    report.entries += done.entries;
    report.unchanged += done.unchanged;
    report.unlisted += done.unlisted;
    for (const { files } of candidates)
      for (const file of files.values()) this.#client.context.files.forget(file);
    return new Set(done.rejected.map(({ file }) => file));
  }

  /** Nothing of this person is taken: every row says so. */
  #refuse({ owner }: CsvPatient, reason: RowReport["reason"]): void {
    for (const kind of CSV_KINDS)
      for (const place of this.#book.places(kind, owner))
        this.#report.rejected.push(this.#book.report(kind, place, { field: "patient", reason }));
  }

  async #count(patient: CsvPatient, { files, entries, identity }: Candidate): Promise<void> {
    const report = this.#report;
    const file = files.get("identity");
    if (file === undefined) throw new TypeError("a patient without an identity file");
    report.rejected.push(...patient.rejected);
    report.warnings.push(...patient.warnings);
    report.kept += patient.keptRows;
    for (const kind of CSV_KINDS) report.byType[kind] += patient.taken[kind];
    for (const wishes of entries.values()) report.planned += wishes.length;
    report.planned += patient.appointments.length;
    if (!this.#options.dryRun) this.#options.onRecord?.(recordOf({ files }, patient));
    if (this.#options.dryRun || patient.appointments.length === 0) return;
    const schedule = (this.#schedule ??= new ScheduleImport(this.#client, {
      run: this.#run,
      site: await ownSite(this.#client),
      therapistOf: this.#options.therapistOf,
    }));
    const shortName = identity.person === undefined ? "" : displayName(identity.person);
    const { key, therapist } = patient;
    const whose = { patient: file, shortName, key, therapist };
    for (const place of await schedule.add(whose, patient.appointments)) {
      report.byType.appointments--;
      const issue = { field: "start", reason: "not-granted" } as const;
      report.rejected.push(this.#book.report("appointments", place, issue));
    }
  }
}

const SITE_CELL = "own/site";

/** The practice's first site, kept on this device, so that a second import has nothing to open. */
async function ownSite({ context }: Client): Promise<SiteId> {
  const kept = await context.device.read(SITE_CELL);
  if (kept !== null) return bytesToId<SiteId>(kept);
  const [site] = sites(await openDirectory(context));
  if (site === undefined) throw hardStop("the directory names no site");
  const id = parseId<SiteId>(site.id);
  await context.device.write([context.device.seal(SITE_CELL, idToBytes(id))]);
  return id;
}

/** Who are read and written together, by the size of their rows. */
function* groups(book: CsvBook): Generator<number[]> {
  let group: number[] = [];
  let units = 0;
  for (let owner = 0; owner < book.registry.size; owner++) {
    group.push(owner);
    units += book.sizeOf(owner);
    if (group.length < GROUP && units < GROUP_UNITS) continue;
    yield group;
    [group, units] = [[], 0];
  }
  if (group.length > 0) yield group;
}

function sortRows({ rejected, warnings }: CsvReport): void {
  const byPlace = (a: RowReport, b: RowReport): number =>
    a.file.localeCompare(b.file) || a.row - b.row;
  rejected.sort(byPlace);
  warnings.sort(byPlace);
}
