import type { DraftId, EntryId } from "@sinetti/core";
import {
  findMeasure,
  measureSeries,
  parseDraft,
  recordMeasure,
  scoreAnswers,
  type CutoffSex,
  type MeasureDraft,
  type MeasureSeries,
  type Score,
} from "@sinetti/practice";
import { appendEntries } from "../appendEntries.ts";
import type { Client } from "../client.ts";
import { ClientError, mustWait } from "../errors.ts";
import type { KnownFile } from "../fileCache.ts";
import { authorTime, encodeBody } from "../records/body.ts";
import { readMeasures, showInRoster } from "../records/measures.ts";
import { readCareRecords } from "../records/notes.ts";
import type { DraftDesk } from "./draftDesk.ts";
import { lockedOrBeside, tidyDraft, type Signed } from "./signDraft.ts";

/** A measure of which nothing is answered yet. Error: `input-rejected`. */
export function beginMeasure(
  client: Client,
  { measure: id, sex }: { measure: string; sex?: CutoffSex },
): MeasureDraft {
  const measure = measureOf(id);
  const at = authorTime(client.context);
  return {
    v: 1,
    type: "measureDraft",
    at,
    author: client.member,
    measure: measure.id,
    date: at.slice(0, 10),
    answers: measure.items.map(() => null),
    ...(sex === undefined ? {} : { sex }),
  };
}

function measureOf(id: string): NonNullable<ReturnType<typeof findMeasure>> {
  const measure = findMeasure(id);
  if (measure === undefined)
    throw new ClientError("input-rejected", { detail: "measure: unknown" });
  return measure;
}

/** How far a measure has come: what is not answered yet (items from 1), the score once all are, and item alerts as soon as one is due. */
export interface MeasureProgress {
  readonly missing: readonly number[];
  readonly score: Score | null;
  readonly alerts: readonly string[];
}

/** How far a measure has come. */
export function measureProgress({ measure: id, answers, sex }: MeasureDraft): MeasureProgress {
  const measure = measureOf(id);
  const missing = measure.items.flatMap((_, index) =>
    (answers[index] ?? null) === null ? [index + 1] : [],
  );
  const alerts = measure.itemAlerts
    .filter(({ item, from }) => (answers[item - 1] ?? -1) >= from)
    .map((alert) => alert.id);
  if (missing.length > 0) return { missing, score: null, alerts };
  const whole = answers.flatMap((answer) => (answer === null ? [] : [answer]));
  return { missing, score: scoreAnswers(measure, whole, sex === undefined ? {} : { sex }), alerts };
}

/** Records a measure that is answered whole, and shows it in the caseload. Error of practice: `measure-invalid`; the draft stays. */
export async function finishMeasure(
  client: Client,
  desk: DraftDesk,
  { care, id, body }: { care: KnownFile; id: DraftId; body: MeasureDraft },
): Promise<Signed> {
  const { context } = client;
  const draft = parseDraft(body) as MeasureDraft;
  const answers = draft.answers.map((answer) => answer ?? Number.NaN);
  const record = recordMeasure(measureOf(draft.measure), answers, {
    at: authorTime(context),
    date: draft.date,
    ...(draft.sex === undefined ? {} : { sex: draft.sex }),
  });
  const entry = id as string as EntryId;
  const entries = [{ id: entry, class: "entry" as const, body: encodeBody("care", record) }];
  try {
    await appendEntries(context, [{ file: care, entries }]);
  } catch (error) {
    if (mustWait(error)) return { state: "waiting", entry };
    throw error;
  }
  const elsewhere = await lockedOrBeside(client, desk, { file: care, entry, draft });
  if (elsewhere !== null) return elsewhere;
  await Promise.all([
    tidyDraft(client, desk, { file: care, id, body: draft }),
    showInRoster(client, care, record),
  ]);
  return { state: "signed", entry };
}

/** The measures of an open care file as series over time, without those that were taken back. */
export function readSeries(client: Client, care: KnownFile): MeasureSeries[] {
  const taken = new Set<string>(
    readCareRecords(client, care).flatMap(({ body }) =>
      body.type === "retraction" ? [body.entry] : [],
    ),
  );
  return measureSeries(readMeasures(client, care).filter(({ entry }) => !taken.has(entry)));
}
