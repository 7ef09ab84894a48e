import {
  CoreError,
  GATE_ROUTES,
  LIMITS,
  RIGHTS,
  VAULT_ROUTES,
  parseId,
  phaseAt,
  type FileId,
} from "@sinetti/core";
import { lookupToken, openLookupCell } from "@sinetti/core/secret";
import { lookupFields, type PatientIdentity, type ScheduleValue } from "@sinetti/practice";
import type { Client } from "../client.ts";
import { isRefusal } from "../errors.ts";
import { readAccess } from "../heldAccess.ts";
import type { KnownFile } from "../fileCache.ts";
import { lookupKeyOf, openDirectory } from "./directory.ts";
import type { ErasureCell } from "./erasureRecord.ts";
import { changeFolded, openFolded, type FoldedChange } from "./folded.ts";
import { TOKENS_PER_FILE } from "./lookup.ts";
import { listGranted } from "./practiceFiles.ts";
import { openRoster } from "./roster.ts";

/** The cells by which the lookup finds a patient, asked for while their identity can still be read. */
export async function findCells(
  client: Client,
  file: KnownFile,
  identity: PatientIdentity,
): Promise<ErasureCell[]> {
  const { services } = client.context;
  const terms = lookupFields(identity).slice(0, TOKENS_PER_FILE);
  if (terms.length === 0) return [];
  const key = lookupKeyOf(await openDirectory(client.context));
  const tokens = terms.map((term) => lookupToken(key, term));
  const asked = await services.call("gate", GATE_ROUTES.lookup, { file: file.file, tokens });
  const { answer } = await services.call("who", VAULT_ROUTES.lookupFind, {
    tokens: asked.answer.tokens,
  });
  return answer.found.flatMap(({ token, cells }) => {
    const index = asked.answer.tokens.findIndex((each) => isSame(each, token));
    const term = terms[index];
    if (term === undefined) return [];
    const own = cells.filter((cell) => {
      try {
        return openLookupCell(key, term, cell) === file.file;
      } catch (error) {
        if (error instanceof CoreError && error.code === "open-failed") return false;
        throw error;
      }
    });
    return own.map((cell) => ({ token, cell }));
  });
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}

/** What becomes of an appointment when a patient is erased: without them, or, when nobody else comes, gone. */
function withoutPatient(
  values: ReadonlyMap<string, ScheduleValue>,
  patient: FileId,
): FoldedChange<"schedule">[] {
  const gone = new Set<string>();
  const changes: FoldedChange<"schedule">[] = [];
  for (const [key, value] of values) {
    if (!("patients" in value) || !value.patients.includes(patient)) continue;
    const patients = value.patients.filter((each) => each !== patient);
    if (patients.length === 0) gone.add(key);
    else changes.push({ key, value: { ...value, patients } });
  }
  for (const [key, value] of values)
    if (value.kind === "exception" && gone.has(value.series)) gone.add(key);
  return [...changes, ...[...gone].map((key) => ({ key, value: null }))];
}

async function clearSchedules({ context }: Client, patient: FileId): Promise<void> {
  const months = (await listGranted(context, "who")).filter(
    ({ compartment, rights }) => compartment === "schedule" && (rights & RIGHTS.write) !== 0,
  );
  for (const month of months) {
    const opened = await openFolded(context, month, {
      compartment: "schedule",
      purpose: "scheduling",
    });
    const changes = withoutPatient(opened.values, patient);
    for (let start = 0; start < changes.length; start += LIMITS.entriesPerAppend)
      await changeFolded(context, opened, {
        compartment: "schedule",
        changes: changes.slice(start, start + LIMITS.entriesPerAppend),
      });
  }
}

async function clearRoster({ context, roles }: Client, patient: FileId): Promise<void> {
  if (!roles.includes("therapist")) return;
  const roster = await openRoster(context, true);
  if (!roster.values.has(patient)) return;
  const changes = [{ key: patient, value: null }];
  await changeFolded(context, roster, { compartment: "roster", changes });
}

/** Strikes lines of the caseload whose records a colleague has had erased; gives how many. */
export async function clearErasedLines(client: Client): Promise<number> {
  const { context, roles } = client;
  if (!roles.includes("therapist")) return 0;
  const roster = await openRoster(context, true);
  const granted = new Set((await listGranted(context, "who")).map(({ file }) => file));
  const gone: FileId[] = [];
  for (const key of roster.values.keys()) {
    const file = parseId<FileId>(key);
    if (granted.has(file)) continue;
    const { access } = await readAccess(context, file);
    if (phaseAt(access) === "erased") gone.push(file);
  }
  for (const file of gone) await clearRoster(client, file);
  return gone.length;
}

async function clearLookup(
  { context }: Client,
  file: FileId,
  cells: readonly ErasureCell[],
): Promise<void> {
  if (cells.length === 0) return;
  try {
    await context.services.call("who", VAULT_ROUTES.lookupDrop, { file, cells: [...cells] });
  } catch (error) {
    // Another device of the practice could read it, and clears behind it: this one never could.
    if (!isRefusal(error, "not-granted")) throw error;
  }
}

/** Takes away what still names a patient whose records are erased: lookup, schedules, caseload. Again changes nothing. */
export async function tidyErasure(
  client: Client,
  { identity, cells }: { identity: FileId; cells: readonly ErasureCell[] },
): Promise<void> {
  await clearLookup(client, identity, cells);
  await clearSchedules(client, identity);
  await clearRoster(client, identity);
}
