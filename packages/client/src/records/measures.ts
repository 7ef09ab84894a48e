import type { EntryId } from "@sinetti/core";
import { generateEntryId } from "@sinetti/core/secret";
import { findMeasure, recordMeasure, type CutoffSex, type MeasureRecord } from "@sinetti/practice";
import { appendEntries } from "../appendEntries.ts";
import { changeRosterLine } from "../chart/leased.ts";
import type { Client } from "../client.ts";
import { ClientError } from "../errors.ts";
import type { KnownFile } from "../fileCache.ts";
import { authorTime, encodeBody, readRecords } from "./body.ts";

/** A measure as it stands in a care file. */
export interface ReadMeasure {
  readonly entry: EntryId;
  readonly record: MeasureRecord;
}

/** Scores and records answers, and shows the result in the roster. Error of practice: `measure-invalid` naming the answers. */
export async function addMeasure(
  client: Client,
  care: KnownFile,
  { measure: id, answers, sex }: { measure: string; answers: readonly number[]; sex?: CutoffSex },
): Promise<ReadMeasure> {
  const measure = findMeasure(id);
  if (measure === undefined)
    throw new ClientError("input-rejected", { detail: "measure: unknown" });
  const at = authorTime(client.context);
  const record = recordMeasure(measure, answers, {
    at,
    date: at.slice(0, 10),
    ...(sex === undefined ? {} : { sex }),
  });
  const entry = generateEntryId();
  await appendEntries(client.context, [
    { file: care, entries: [{ id: entry, class: "entry", body: encodeBody("care", record) }] },
  ]);
  await showInRoster(client, care, record);
  return { entry, record };
}

/** Shows the result of a measure in the caseload. */
export async function showInRoster(
  client: Client,
  care: KnownFile,
  { measure, date, total, band, alerts }: MeasureRecord,
): Promise<void> {
  await changeRosterLine(client, care.file, (line) => {
    const others = line.lastMeasures.filter((each) => each.measure !== measure);
    return { ...line, lastMeasures: [...others, { measure, date, total, band, alerts }] };
  });
}

/** The measures of an open care file, oldest first. */
export function readMeasures(client: Client, care: KnownFile): ReadMeasure[] {
  return readRecords(client.context, care, { compartment: "care" }).flatMap(({ id, body }) =>
    body.type === "measure" ? [{ entry: id, record: body }] : [],
  );
}
