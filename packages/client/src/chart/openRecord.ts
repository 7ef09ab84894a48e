import {
  RIGHTS,
  epochAt,
  grantsAt,
  phaseAt,
  sitsInTeam,
  type BudgetClass,
  type FileId,
  type Outcome,
  type Purpose,
  type TeamId,
} from "@sinetti/core";
import {
  byDay,
  readCare,
  readPortal,
  type CareChart,
  type PatientCompartment,
  type PatientIdentity,
  type TimelineItem,
} from "@sinetti/practice";
import type { Client } from "../client.ts";
import { ClientError } from "../errors.ts";
import type { SealedDrafts } from "../fetchFiles.ts";
import type { KnownFile } from "../fileCache.ts";
import { openFiles, type Opened } from "../openFiles.ts";
import { readRecords, type ReadRecord } from "../records/body.ts";
import { readIdentity } from "../records/identity.ts";
import { readCareRecords } from "../records/notes.ts";
import { listGranted } from "../records/practiceFiles.ts";
import type { DraftDesk, OpenDraft } from "./draftDesk.ts";
import { rememberAssessed } from "./alerts.ts";
import { changeRosterLine } from "./leased.ts";
import { isOwnProcess, readProcessNotes } from "./processNotes.ts";
import {
  PATIENT_COMPARTMENTS,
  findRecord,
  partRef,
  type PartRef,
  type RecordRefs,
} from "./recordRefs.ts";

/** A file of a patient that did not open, and the gate's word. */
export interface ClosedFile {
  readonly compartment: PatientCompartment;
  readonly file: FileId;
  readonly outcome: Exclude<Outcome, "released">;
}

/** One thing of a timeline: what stands in the record, or a draft. */
export type RecordItem =
  | TimelineItem
  | { readonly kind: "draft"; readonly on: string; readonly at: string; readonly draft: OpenDraft };

/** What a record screen shows, read from the files that are open, without a request. */
export interface RecordView {
  readonly identity: PatientIdentity | null;
  readonly care: CareChart | null;
  readonly office: readonly ReadRecord<"office">[];
  /** All of it by day, the newest first; process notes only where they are this therapist's own. */
  readonly timeline: readonly RecordItem[];
}

/** A patient's record, open. */
export interface OpenedRecord extends RecordView {
  /** The identity file where this member knows it. */
  readonly patient: FileId;
  readonly name: string;
  readonly files: Partial<Record<PatientCompartment, KnownFile>>;
  readonly closed: readonly ClosedFile[];
  readonly drafts: readonly OpenDraft[];
  /** Budgets of this member that are nearly spent, as the gate said with this opening. */
  readonly near: readonly BudgetClass[];
  /** Unix seconds until which the keys stay in memory. */
  readonly leaseUntil: number;
}

interface Parts {
  readonly files: Partial<Record<PatientCompartment, KnownFile>>;
  readonly closed: ClosedFile[];
  drafts: { file: KnownFile; sealed: SealedDrafts | null }[];
}

/**
 * Opens everything of a patient that this member holds: one request to the gate and one to each vault, side by side, for the files that
 * the caseload names. Files that only the record itself names are looked for among what is granted and take one more opening, once: the caseload names them
 * from then on. Without a purpose it is opened for what it was granted for.
 * Errors: `unknown-record`; `refused` where nothing opens, with the gate's word.
 */
export async function openRecord(
  client: Client,
  desk: DraftDesk,
  { patient, purpose: asked }: { patient: string; purpose?: Purpose },
): Promise<OpenedRecord> {
  const refs = await findRecord(client, patient);
  const purpose = asked ?? (await grantedPurpose(client, refs));
  const near = new Set<BudgetClass>();
  const parts: Parts = { files: {}, closed: [], drafts: [] };
  const open = (wanted: readonly PartRef[]): Promise<void> =>
    openParts(client, parts, { wanted, purpose, near });
  await open(refs.parts);
  if (Object.keys(parts.files).length === 0)
    throw new ClientError("refused", {
      detail: `gate: ${parts.closed[0]?.outcome ?? "unknown-file"}`,
    });
  const linked = await grantedParts(client, linkedParts(client, parts, refs));
  if (linked.length > 0) {
    await open(linked);
    await rememberParts(client, parts, refs);
  }
  await rememberAssessed(client, refs.line, parts.files.care);
  const drafts: OpenDraft[] = [];
  for (const { file, sealed } of parts.drafts) drafts.push(...(await desk.restore(file, sealed)));
  const files = Object.values(parts.files);
  return {
    ...viewRecord(client, parts.files, drafts),
    patient: refs.patient,
    name: refs.name,
    files: parts.files,
    closed: parts.closed,
    drafts,
    near: [...near],
    leaseUntil: Math.min(...files.map(({ leaseUntil }) => leaseUntil)),
  };
}

/** Who is no therapist opens records for supervision; who is, those whose grant says so. */
async function grantedPurpose(
  { context, member, roles }: Client,
  { parts }: RecordRefs,
): Promise<Purpose> {
  if (!roles.includes("therapist") && roles.includes("supervisor")) return "supervision";
  const care = parts.find(({ compartment }) => compartment === "care");
  const known = care === undefined ? null : await context.files.get(care);
  const grants = known === null ? [] : grantsAt(known.access);
  const own = grants.find(({ grant }) => grant.subject.id === member);
  return own?.grant.reason === "supervision" ? "supervision" : "documentation";
}

async function openParts(
  client: Client,
  parts: Parts,
  {
    wanted,
    purpose,
    near,
  }: { wanted: readonly PartRef[]; purpose: Purpose; near: Set<BudgetClass> },
): Promise<void> {
  const opened = await openFiles(client.context, wanted, {
    purpose,
    drafts: true,
    onWarn: (classes) => {
      for (const each of classes) near.add(each);
    },
  });
  for (const [index, each] of opened.entries()) {
    const part = wanted[index];
    if (part !== undefined) takePart(client, parts, part, each);
  }
}

function takePart(client: Client, parts: Parts, part: PartRef, opened: Opened): void {
  const { compartment } = part;
  if (opened.outcome !== "released") {
    parts.closed.push({ compartment, file: part.file, outcome: opened.outcome });
    return;
  }
  const { file, drafts: sealed } = opened;
  if (compartment === "process" && !isOwnProcess(client, file)) return;
  parts.files[compartment] = file;
  // Whoever only reads a file sees no drafts of it; identity and office have none.
  const hasDrafts = compartment === "care" || compartment === "process";
  if (hasDrafts && (sealed !== null || mayWrite(client, file)))
    parts.drafts = [...parts.drafts, { file, sealed }];
}

/** Whether this member's grants, own or of a team, let them write to a file now, as its chain says. */
export function mayWrite(
  { member, practice }: Client,
  { access }: Pick<KnownFile, "access">,
): boolean {
  if (phaseAt(access) !== "open") return false;
  return grantsAt(access).some(({ grant: { subject, rights } }) => {
    if ((rights & RIGHTS.write) === 0) return false;
    if (subject.type === "member") return subject.id === member;
    return subject.type === "team" && sitsInTeam(practice, { team: subject.id as TeamId, member });
  });
}

/** Files that open ones name and that were not asked for yet; another therapist's process notes are nobody's business here. */
function linkedParts({ context }: Client, parts: Parts, { parts: known }: RecordRefs): PartRef[] {
  const found = new Map<PatientCompartment, PartRef>();
  for (const compartment of ["identity", "care"] as const) {
    const file = parts.files[compartment];
    if (file === undefined) continue;
    for (const { body } of readRecords(context, file, { compartment })) {
      if (body.type !== "links") continue;
      for (const linked of PATIENT_COMPARTMENTS) {
        const id = (body as Partial<Record<PatientCompartment, string>>)[linked];
        if (id !== undefined && linked !== "process") found.set(linked, partRef(linked, id));
      }
    }
  }
  const isAsked = ({ compartment, file }: PartRef): boolean =>
    known.some((each) => each.file === file || each.compartment === compartment);
  return [...found.values()].filter((part) => !isAsked(part));
}

/** Files that others hold and this member does not, by session: asking the gate for them would write refusals into the patient's log. */
const notGranted = new WeakMap<Client, Map<FileId, number>>();
const LOOK_AGAIN_SECONDS = 600;

async function grantedParts(client: Client, linked: readonly PartRef[]): Promise<PartRef[]> {
  const now = client.context.world.clock.now();
  const missing = notGranted.get(client) ?? new Map<FileId, number>();
  notGranted.set(client, missing);
  const wanted = linked.filter(
    ({ file }) => now - (missing.get(file) ?? Number.NEGATIVE_INFINITY) >= LOOK_AGAIN_SECONDS,
  );
  const vaults = [...new Set(wanted.map(({ vault }) => vault))];
  const listed = await Promise.all(vaults.map((vault) => listGranted(client.context, vault)));
  const granted = new Set(listed.flat().map(({ file }) => file));
  for (const { file } of wanted) if (!granted.has(file)) missing.set(file, now);
  return wanted.filter(({ file }) => granted.has(file));
}

/** So that the next opening asks for all of them at once. What did not open is not named: it may be somebody else's to open. */
async function rememberParts(
  client: Client,
  { files }: Parts,
  { line }: RecordRefs,
): Promise<void> {
  if (line === null) return;
  await changeRosterLine(client, line.patient, (each) => {
    const named = { ...each.files };
    for (const compartment of PATIENT_COMPARTMENTS) {
      const file = files[compartment];
      if (file !== undefined) named[compartment] ??= file.file;
    }
    return { ...each, files: named };
  });
}

/** What a record screen shows now, from memory: after a write, or when a hint has brought something new. */
export function viewRecord(
  client: Client,
  files: Partial<Record<PatientCompartment, KnownFile>>,
  drafts: readonly OpenDraft[],
): RecordView {
  const { context } = client;
  const { identity, care, office, portal, process } = files;
  const chart =
    care === undefined
      ? null
      : readCare(
          readCareRecords(client, care).map(({ id, member, body }) => ({
            entry: id,
            member,
            body,
          })),
        );
  const portalItems =
    portal === undefined
      ? []
      : readPortal(
          readRecords(context, portal, { compartment: "portal" }).map(({ id, member, body }) => ({
            entry: id,
            member,
            body,
          })),
        );
  const own = process === undefined ? [] : readProcessNotes(client, process);
  const written: RecordItem[] = [...(chart?.timeline ?? []), ...portalItems, ...own];
  const items = [...written, ...drafts.map(draftItem)];
  return {
    identity: identity === undefined ? null : readIdentity(context, identity),
    care: chart,
    office: office === undefined ? [] : readRecords(context, office, { compartment: "office" }),
    timeline: items.sort(byDay),
  };
}

function draftItem(draft: OpenDraft): RecordItem {
  const { body } = draft;
  const on =
    body.type === "noteDraft"
      ? body.session.date
      : body.type === "measureDraft"
        ? body.date
        : (body.sessionDate ?? body.at.slice(0, 10));
  return { kind: "draft", on, at: body.at, draft };
}

/** Whether the keys of an opened record are still in memory. */
export function isStillOpen({ context }: Client, { files }: Pick<OpenedRecord, "files">): boolean {
  const now = context.world.clock.now();
  return Object.values(files).every(
    (file) => file.leaseUntil > now && file.keys.has(epochAt(file.access).epoch),
  );
}
