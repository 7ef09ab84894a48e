import type { FileId } from "@sinetti/core";
import {
  foldLedger,
  type AccessLine,
  type KeyedValue,
  type PatientRecord,
  type StaffMember,
} from "@sinetti/practice";
import type { Client } from "../client.ts";
import type { Context } from "../context.ts";
import { openFiles } from "../openFiles.ts";
import { readFileLogs } from "../records/access.ts";
import { authorTime, readRecords } from "../records/body.ts";
import { openDirectory, type Directory } from "../records/directory.ts";
import { openFolded } from "../records/folded.ts";
import { listGranted } from "../records/practiceFiles.ts";
import { documentPaths } from "./documentParts.ts";
import { readOpenEntries, type OpenPatient } from "./openPatient.ts";

type Appointments = PatientRecord["appointments"];
type Invoices = PatientRecord["invoices"];

/** What an export takes from the files of the practice, read once for all its patients. */
export interface PracticeParts {
  readonly practice: PatientRecord["practice"];
  readonly directory: Directory;
  readonly staff: readonly StaffMember[];
  readonly appointments: Appointments;
  readonly invoices: Invoices;
}

/** Opens the directory, and the schedules and ledgers that this member may open. */
export async function openPracticeParts(client: Client): Promise<PracticeParts> {
  const { context } = client;
  const directory = await openDirectory(context);
  const granted = await listGranted(context, "who");
  const named = directory.values.get("practice");
  const name = named?.kind === "practice" ? named.name : "–";
  return {
    practice: { id: context.practice.state.practice, name },
    directory,
    staff: [...directory.values.values()].flatMap((value) =>
      value.kind === "member"
        ? [
            {
              id: value.id,
              name: value.name,
              roles: value.roles,
              ...(value.title !== undefined && { title: value.title }),
            },
          ]
        : [],
    ),
    appointments: await readSchedules(
      context,
      granted.filter(({ compartment }) => compartment === "schedule").map(({ file }) => file),
    ),
    invoices: await readLedgers(
      context,
      granted.filter(({ compartment }) => compartment === "ledger").map(({ file }) => file),
    ),
  };
}

async function readSchedules(context: Context, files: readonly FileId[]): Promise<Appointments> {
  const values: Appointments[number][] = [];
  for (const file of files) {
    const how = { compartment: "schedule", purpose: "export" } as const;
    const folded = await openFolded(context, { file, vault: "who" }, how);
    for (const [key, value] of folded.values)
      if (value.kind !== "carried") values.push({ file, key, value });
  }
  return values;
}

/** The ledger has rules of its own: what breaks them counts for nobody. */
async function readLedgers(context: Context, files: readonly FileId[]): Promise<Invoices> {
  const values: Invoices[number][] = [];
  const refs = files.map((file) => ({ file, vault: "who" as const }));
  const opened = refs.length === 0 ? [] : await openFiles(context, refs, { purpose: "export" });
  for (const { file } of opened) {
    if (file === null) continue;
    const entries = readRecords(context, file, { compartment: "ledger" }).map(({ body }) => body);
    for (const [key, value] of foldLedger(entries).valueByKey)
      values.push({ file: file.file, key, value });
  }
  return values;
}

/** What of the schedules is about a patient: appointments and series, and the exceptions of these. */
function appointmentsOf(all: Appointments, patient: string): Appointments {
  const own = all.filter(
    ({ value }) => value.kind !== "exception" && value.patients.includes(patient),
  );
  const series = new Set(own.map(({ file, key }) => `${file} ${key}`));
  return withoutCopies(
    all.filter(
      (each) =>
        own.includes(each) ||
        (each.value.kind === "exception" && series.has(`${each.file} ${each.value.series}`)),
    ),
  );
}

/** A series stands in each month that it touches: the same words under the same key are told once. */
function withoutCopies(values: Appointments): Appointments {
  const told = new Set<string>();
  return values.filter(({ key, value }) => {
    const words = `${key} ${JSON.stringify(value)}`;
    const isNew = value.kind !== "series" || !told.has(words);
    told.add(words);
    return isNew;
  });
}

/** Without the other people of a couple's or group's appointment. */
function alone<V>(values: readonly KeyedValue<V>[], patient: string): KeyedValue<V>[] {
  return values.map((each) => {
    const { value } = each;
    const isShared = typeof value === "object" && value !== null && "patients" in value;
    return isShared ? { ...each, value: { ...value, patients: [patient] } } : each;
  });
}

function invoicesOf(all: Invoices, patient: string): Invoices {
  const own = all.filter(({ value }) => value.kind !== "payment" && value.patient === patient);
  const numbers = new Set(
    own.map(({ file, value }) => `${file} ${value.kind === "payment" ? 0 : value.number}`),
  );
  return all.filter(
    (each) =>
      own.includes(each) ||
      (each.value.kind === "payment" && numbers.has(`${each.file} ${each.value.pays}`)),
  );
}

/** A patient's record as it leaves the practice: opened files, what the practice's files say of the patient, and who opened them. */
export async function readPatientRecord(
  client: Client,
  { open, closed }: OpenPatient,
  parts: PracticeParts,
): Promise<PatientRecord> {
  const { context } = client;
  const entries = readOpenEntries(client, open);
  const first = open[0]?.file.file ?? "";
  const patient =
    [...open, ...closed.map(({ compartment, file }) => ({ compartment, file: { file } }))].find(
      ({ compartment }) => compartment === "identity",
    )?.file.file ?? first;
  const compartmentByFile = new Map(open.map(({ compartment, file }) => [file.file, compartment]));
  const log = await readFileLogs(context, [...compartmentByFile.keys()], parts.directory);
  const accessLog = log.map((row): AccessLine => ({
    ...row,
    compartment: compartmentByFile.get(row.file) ?? "",
  }));
  return {
    practice: parts.practice,
    patient,
    made: authorTime(context),
    entries,
    appointments: alone(appointmentsOf(parts.appointments, patient), patient),
    invoices: invoicesOf(parts.invoices, patient),
    staff: parts.staff,
    accessLog,
    withheld: [],
    documentPaths: documentPaths(entries),
  };
}
