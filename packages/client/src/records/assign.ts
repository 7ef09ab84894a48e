import {
  ALL_RIGHTS,
  FILE_AUTHORITY,
  LIMITS,
  RIGHTS,
  accessOf,
  endWeekOf,
  epochAt,
  grantsAt,
  policyAt,
  rolesAt,
  weekOf,
  widestCell,
  type AccessState,
  type FileId,
  type MemberId,
} from "@sinetti/core";
import type { Client } from "../client.ts";
import type { GrantWish } from "../createFiles.ts";
import { fetchFiles, type Fetched } from "../fetchFiles.ts";
import { submitGrants, type Batches, type GrantItem } from "../submitGrants.ts";
import { assignedTo, type AssignMap } from "./assignMap.ts";
import { memberSubject } from "./directory.ts";
import { VAULT_BY_COMPARTMENT, type ImportCompartment } from "./importGroup.ts";
import type { ImportedRecord } from "./importedRecord.ts";

/** What of an import goes to its therapists; process notes are nobody else's. */
const COMPARTMENTS = Object.keys(VAULT_BY_COMPARTMENT).filter(
  (compartment) => compartment !== "process",
) as ImportCompartment[];

/** A record that nobody got; ids and the source's own key, never a name. */
export interface Unassigned {
  readonly patient: FileId;
  readonly key: string;
  readonly reason: "no-therapist-named" | "not-in-map" | "not-held";
}

/** What an assignment did. */
export interface AssignReport {
  /** Records that are with their therapist now. */
  assigned: number;
  /** Files granted by this run, and those that were granted before. */
  granted: number;
  already: number;
  readonly unassigned: Unassigned[];
  /** Therapists whom the source names and the map does not. */
  readonly unknownTherapists: string[];
}

interface Job {
  readonly file: FileId;
  readonly member: MemberId;
  readonly record: ImportedRecord;
}

/**
 * Grants each record's files to the member whom the map names, with every right that the table allows and as long as the policy
 * does. Nothing is opened: a grant needs the member half alone. One encapsulation a recipient and vault, a statement a file, up
 * to 256 in a request. What is granted already is passed over, so the next run goes on where one was cut off.
 */
export async function assignRecords(
  client: Client,
  {
    map,
    records,
    onProgress,
    isStopped,
  }: {
    map: AssignMap;
    records: readonly ImportedRecord[];
    onProgress: (done: number, total: number) => void;
    isStopped: () => boolean;
  },
): Promise<AssignReport> {
  await client.context.practice.sync(client.context.services);
  const report: AssignReport = {
    assigned: 0,
    granted: 0,
    already: 0,
    unassigned: [],
    unknownTherapists: [],
  };
  const chosen = choose(map, records, report);
  const own = chosen.filter(({ member }) => member === client.member);
  const others = chosen.filter(({ member }) => member !== client.member);
  const notHeld = new Set<ImportedRecord>();
  const queues = { who: slicesOf("who", others), what: slicesOf("what", others) };
  const total = queues.who.length + queues.what.length;
  let done = 0;
  const failures: unknown[] = [];
  const work = async (vault: "who" | "what"): Promise<void> => {
    const batches: Batches = new Map();
    const queue = queues[vault];
    while (queue.length > 0 && failures.length === 0 && !isStopped()) {
      const jobs = queue[0] ?? [];
      const took = await grantSlice(client, { vault, jobs, batches }).catch((error: unknown) => {
        failures.push(error);
      });
      if (took === undefined) return;
      queue.shift();
      report.granted += took.granted;
      report.already += took.already;
      for (const { record } of took.notHeld) notHeld.add(record);
      onProgress(++done, total);
    }
  };
  // The vaults do not wait for each other, but nothing goes on behind a failure.
  await Promise.all([work("who"), work("what")]);
  if (failures.length > 0) throw failures[0];
  for (const { patient, key } of notHeld)
    report.unassigned.push({ patient, key, reason: "not-held" });
  const waiting = [...queues.who, ...queues.what].flat();
  const left = new Set(waiting.map(({ record }) => record));
  const whole = others.filter(({ record }) => !left.has(record) && !notHeld.has(record));
  report.assigned = own.length + whole.length;
  return report;
}

function choose(
  map: AssignMap,
  records: readonly ImportedRecord[],
  report: AssignReport,
): { record: ImportedRecord; member: MemberId }[] {
  const unknown = new Set<string>();
  const chosen = records.flatMap((record) => {
    const member = assignedTo(map, record);
    if (member !== null) return [{ record, member }];
    const { patient, key, therapist } = record;
    if (therapist !== null) unknown.add(therapist);
    const reason = therapist === null ? "no-therapist-named" : "not-in-map";
    report.unassigned.push({ patient, key, reason });
    return [];
  });
  report.unknownTherapists.push(...[...unknown].sort());
  return chosen;
}

/** Sorted by recipient and file: each recipient's files lie together, and no order joins who with what. */
function slicesOf(
  vault: "who" | "what",
  chosen: readonly { record: ImportedRecord; member: MemberId }[],
): Job[][] {
  const jobs = chosen.flatMap(({ record, member }) =>
    COMPARTMENTS.filter((compartment) => VAULT_BY_COMPARTMENT[compartment] === vault).flatMap(
      (compartment): Job[] => {
        const file = record.files.get(compartment);
        return file === undefined ? [] : [{ file, member, record }];
      },
    ),
  );
  const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
  jobs.sort((a, b) => order(a.member, b.member) || order(a.file, b.file));
  const slices: Job[][] = [];
  for (let start = 0; start < jobs.length; start += LIMITS.itemsPerBatch)
    slices.push(jobs.slice(start, start + LIMITS.itemsPerBatch));
  return slices;
}

async function grantSlice(
  client: Client,
  { vault, jobs, batches }: { vault: "who" | "what"; jobs: readonly Job[]; batches: Batches },
): Promise<{ granted: number; already: number; notHeld: Job[] }> {
  const { context } = client;
  const refs = jobs.map(({ file }) => ({ file, vault }));
  const fetched = await fetchFiles(context, refs, { boxes: false });
  const items: GrantItem[] = [];
  const notHeld: Job[] = [];
  let already = 0;
  for (const job of jobs) {
    const got = fetched.get(job.file);
    const wish = got === undefined ? null : wishFor(client, got.file.access, job.member);
    if (got === undefined || wish === null) notHeld.push(job);
    else if (isGranted(client, got.file.access, wish)) already++;
    else items.push({ file: got.file, half: openHalf(client, got), wish });
  }
  await submitGrants(context, vault, { items, batches });
  for (const { file } of jobs) context.files.forget(file);
  return { granted: items.length, already, notHeld };
}

/** What this member may give of a file; null: nothing. */
function wishFor(client: Client, access: AccessState, member: MemberId): GrantWish | null {
  const { context, practice } = client;
  const now = context.world.clock.now();
  const cell = widestCell(FILE_AUTHORITY[access.compartment].grantedTo, rolesAt(practice, member));
  const { standing } = accessOf(access, practice, { member: client.member, week: weekOf(now) });
  if (cell === "deny" || (standing & RIGHTS.grant) === 0) return null;
  const rights = cell.rights & standing & ALL_RIGHTS;
  const expires = endWeekOf(now) + policyAt(practice).grantWeeks;
  const subject = memberSubject(member);
  return rights === 0 ? null : { subject, rights, term: "standing", expires, reason: "handover" };
}

function isGranted({ context }: Client, access: AccessState, wish: GrantWish): boolean {
  const week = weekOf(context.world.clock.now());
  return grantsAt(access).some(
    ({ grant }) =>
      grant.subject.type === "member" &&
      grant.subject.id === wish.subject.id &&
      (grant.rights & wish.rights) === wish.rights &&
      grant.expires > week,
  );
}

function openHalf({ context }: Client, { file, wraps, batchKeys }: Fetched): GrantItem["half"] {
  const { practice, compartment } = file.access;
  const { epoch } = epochAt(file.access);
  const place = { practice, file: file.file, compartment, epoch };
  return context.keyring.openMemberHalf(wraps, batchKeys, place);
}
