import { foldCareState, holding, type CareBody, type RosterValue } from "@sinetti/practice";
import type { Client } from "../client.ts";
import type { KnownFile } from "../fileCache.ts";
import { authorTime } from "../records/body.ts";
import { readCareRecords } from "../records/notes.ts";
import { changeRosterLine } from "./leased.ts";
import { ifWritable } from "./unfinished.ts";

type Result = RosterValue["lastMeasures"][number];
type CareRecords = ReturnType<typeof readCareRecords>;

/** The result whose alert is meant: one that came after it is another. */
export interface AlertRef extends Pick<Result, "measure" | "date" | "total"> {
  readonly patient: string;
}

/** Marks an alert as seen by this therapist, or takes the mark back: in their caseload, and so on each of their devices. */
export async function markAlert(
  client: Client,
  { patient, measure, date, total }: AlertRef,
  { isSeen }: { isSeen: boolean },
): Promise<void> {
  const at = authorTime(client.context);
  const mark = (result: Result): Result => {
    if (result.measure !== measure || result.date !== date || result.total !== total) return result;
    const { seen: before, ...rest } = result;
    return isSeen ? { ...rest, seen: before ?? at } : rest;
  };
  await changeRosterLine(client, patient, (line) => ({
    ...line,
    lastMeasures: line.lastMeasures.map(mark),
  }));
}

/** A line of the caseload that says of each alert whether risk was assessed after it. */
export function withAssessed(line: RosterValue, records: CareRecords): RosterValue {
  if (!line.lastMeasures.some(isAlerting)) return line;
  const bodies = records.map(({ id, member, body }) => ({ entry: id, member, body }));
  const risks = holding(foldCareState(bodies).riskPlan).map(({ current: { body } }) => body.at);
  const assess = (result: Result): Result => {
    if (!isAlerting(result)) return result;
    const { assessed: _before, ...rest } = result;
    const since = Date.parse(takenAt(result, records));
    const assessed = risks.find((at) => Date.parse(at) >= since);
    return assessed === undefined ? rest : { ...rest, assessed };
  };
  return { ...line, lastMeasures: line.lastMeasures.map(assess) };
}

/** Keeps in the caseload what a colleague has assessed, where the care file shows it; a caseload that cannot be written waits for the next opening. */
export async function rememberAssessed(
  client: Client,
  line: RosterValue | null,
  care: KnownFile | undefined,
): Promise<void> {
  if (line === null || care === undefined || !line.lastMeasures.some(isAlerting)) return;
  const records = readCareRecords(client, care);
  await ifWritable(changeRosterLine(client, line.patient, (each) => withAssessed(each, records)));
}

const isAlerting = ({ alerts }: Result): boolean => alerts.length > 0;

/** When a result was recorded; its day where the care file does not show it. */
function takenAt({ measure, date }: Result, records: CareRecords): string {
  const isIt = (body: CareBody): boolean =>
    body.type === "measure" && body.measure === measure && body.date === date;
  return records.findLast(({ body }) => isIt(body))?.body.at ?? date;
}
