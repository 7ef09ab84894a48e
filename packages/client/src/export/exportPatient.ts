import { bytesToHex, sha256, type FileId } from "@sinetti/core";
import {
  dueOn,
  patientPaper,
  printLanguage,
  recordToBundle,
  withheldMark,
  withholdPassages,
  type Exported,
  type PatientRecord,
  type PrintLanguage,
  type WithholdProblem,
  type WithholdWish,
} from "@sinetti/practice";
import type { Paper } from "@sinetti/paper";
import type { Client } from "../client.ts";
import { ClientError } from "../errors.ts";
import { accessCsv } from "./accessTables.ts";
import { makeEncrypter, sealStream, type Recipients } from "./ageFile.ts";
import { documentParts } from "./documentParts.ts";
import { ExportError } from "./exportError.ts";
import { logExport } from "./exportLog.ts";
import { openPatient, type ClosedPart, type OpenPatient } from "./openPatient.ts";
import { manifestText, readmeText } from "./packageText.ts";
import { openPracticeParts, readPatientRecord, type PracticeParts } from "./readPatientRecord.ts";
import { zipParts, type PackagePart, type RunningHash } from "./zipFile.ts";

/** What an export takes from outside. */
export interface ExportTools {
  readonly renderPdf: (paper: Paper) => Promise<Uint8Array>;
  readonly startHash: () => RunningHash;
  /** IANA zone in which times are printed. */
  readonly zone: string;
  /** Takes the sealed bytes as they become ready; nothing else ever leaves. */
  readonly write: (sealed: Uint8Array) => Promise<void>;
  readonly onProgress: (done: number, total: number) => void;
  /** Asked between pieces: true ends the export. */
  readonly isStopped: () => boolean;
}

/** What is to be given out, for whom, and why. */
export interface ExportWish {
  readonly to: Recipients;
  /** For whom, in words for the record: `patient`. */
  readonly forWhom: string;
  readonly reason: Exported["reason"];
  readonly withhold: readonly WithholdWish[];
  /** Left out: the patient's where it is one of ours, else English. */
  readonly language?: PrintLanguage;
  /** Day on which the copy was asked for, `YYYY-MM-DD`. */
  readonly requestedOn?: string;
  /** True only for the owner of the process notes, who wants them out. */
  readonly withProcessNotes?: boolean;
  /**
   * True in a whole practice's export: the patient is named by the identity file, and a file that would open with another
   * person's approval is waited for, not left out. Error: `refused` with the gate's word.
   */
  readonly waitsForApproval?: boolean;
}

/** What went out. */
export interface ExportReport {
  readonly patient: string;
  readonly name: string;
  /** The files that it was taken from. */
  readonly files: readonly FileId[];
  readonly entries: number;
  readonly documents: number;
  readonly withheld: number;
  readonly closed: readonly ClosedPart[];
  readonly requestedOn: string | null;
  readonly dueOn: string | null;
}

/**
 * A patient's record as one age file with one zip inside: for people, for machines, the documents, and who opened it. Opened on this
 * device, logged as an export at the gate and in the record before the first byte leaves, sealed as it is read.
 * Errors: `recipient-invalid`, `withhold-refused`, `not-logged`, `stopped`; `refused`, `unknown-record`.
 */
export async function exportPatient(
  client: Client,
  patient: string,
  { wish, tools, parts }: { wish: ExportWish; tools: ExportTools; parts?: PracticeParts },
): Promise<ExportReport> {
  const encrypter = makeEncrypter(wish.to);
  const withProcessNotes = wish.withProcessNotes ?? false;
  const isIdentity = wish.waitsForApproval ?? false;
  const opened = await openPatient(client, patient, { withProcessNotes, isIdentity });
  const waiting = opened.closed.find(({ outcome }) => isApprovable(outcome));
  if (isIdentity && waiting !== undefined)
    throw new ClientError("refused", { detail: `gate: ${waiting.outcome}` });
  const known = parts ?? (await openPracticeParts(client));
  const whole = await readPatientRecord(client, opened, known);
  const language = wish.language ?? printLanguage(whole);
  const record = withoutPassages(whole, wish.withhold, language);
  const facts = { record, closed: opened.closed };
  const files = await recordParts(client, { record, opened, wish, tools, language });
  const requested = wish.requestedOn;
  await logExport(client, opened.open, {
    to: wish.forWhom,
    reason: wish.reason,
    parts: opened.open.map(({ compartment }) => compartment),
    withheld: record.withheld.length,
    ...(requested !== undefined && { requestedOn: requested, dueOn: dueOn(requested) }),
  });
  const readme = { name: "README.txt", content: utf8(readmeText(facts, language)) };
  const all = [readme, ...files];
  const zip = zipParts(counted(all, tools), {
    startHash: tools.startHash,
    manifest: (written) => utf8(manifestText(facts, written)),
  });
  for await (const sealed of sealStream(encrypter, zip)) await tools.write(sealed);
  return {
    patient: record.patient,
    name: opened.name,
    files: opened.open.map(({ file }) => file.file),
    entries: record.entries.length,
    documents: files.filter(({ name }) => name.startsWith("documents/")).length,
    withheld: record.withheld.length,
    closed: opened.closed,
    requestedOn: requested ?? null,
    dueOn: requested === undefined ? null : dueOn(requested),
  };
}

/** Whether another person's approval would open what the gate refused. */
export function isApprovable(outcome: string): boolean {
  return outcome === "over-budget" || outcome === "cold" || outcome === "approval-needed";
}

function withoutPassages(
  record: PatientRecord,
  wishes: readonly WithholdWish[],
  language: PrintLanguage,
): PatientRecord {
  if (wishes.length === 0) return record;
  const cut = withholdPassages(record, wishes, { mark: (each) => withheldMark(each, language) });
  if (!cut.ok) throw new ExportError("withhold-refused", { details: cut.reason.map(problemText) });
  return cut.value;
}

const PROBLEMS: Record<WithholdProblem["problem"], string> = {
  "unknown-entry": "no such entry in this record",
  "unknown-field": "no such field in the entry",
  "not-a-passage": "the field holds no text that could be withheld by itself; withhold the entry",
  "stands-elsewhere": "the same passage also stands in entry",
};

function problemText({ index, problem, entry }: WithholdProblem): string {
  return `${index + 1}: ${PROBLEMS[problem]}${entry === undefined ? "" : ` ${entry}`}`;
}

async function recordParts(
  client: Client,
  {
    record,
    opened,
    wish,
    tools,
    language,
  }: {
    record: PatientRecord;
    opened: OpenPatient;
    wish: ExportWish;
    tools: ExportTools;
    language: PrintLanguage;
  },
): Promise<PackagePart[]> {
  const hash = (text: string): string => bytesToHex(sha256(utf8(text)));
  const withProcessNotes = wish.withProcessNotes ?? false;
  const bundle = recordToBundle(record, { sha256: hash, withProcessNotes });
  const paper = patientPaper(record, { language, zone: tools.zone });
  const { entries, accessLog, documentPaths: paths } = record;
  const documents = documentParts(client.context, { entries, open: opened.open, paths });
  return [
    { name: "record.pdf", content: await tools.renderPdf(paper) },
    { name: "record.fhir.json", content: utf8(`${JSON.stringify(bundle, null, 1)}\n`) },
    { name: "access-log.csv", content: utf8(accessCsv(accessLog)) },
    { name: "access-log.json", content: utf8(`${JSON.stringify(accessLog, null, 1)}\n`) },
    ...documents,
  ];
}

/** The parts one after another, so that progress is seen and a stop is heard, also inside a large one. */
function* counted(parts: readonly PackagePart[], tools: ExportTools): Generator<PackagePart> {
  for (const [index, part] of parts.entries()) {
    tools.onProgress(index, parts.length);
    if (tools.isStopped()) throw new ExportError("stopped");
    const { content } = part;
    yield typeof content === "function"
      ? { ...part, content: () => heard(content(), tools) }
      : part;
  }
  tools.onProgress(parts.length, parts.length);
}

async function* heard(
  content: AsyncGenerator<Uint8Array>,
  { isStopped }: ExportTools,
): AsyncGenerator<Uint8Array> {
  for await (const bytes of content) {
    if (isStopped()) throw new ExportError("stopped");
    yield bytes;
  }
}

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
