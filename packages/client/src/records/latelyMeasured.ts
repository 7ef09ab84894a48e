import { parseEntryBody, type MeasureRecord, type RosterValue } from "@sinetti/practice";
import type { EntryWish } from "../appendEntries.ts";

/** A result of years ago says nothing of today, and what it alerts to would call in vain. */
const LATELY_DAYS = 90;
const DAY_MS = 86_400_000;

/** What the caseload shows of the measures that an import brings in: of each the last one, if it was taken lately. */
export function latelyMeasured(
  entries: readonly Pick<EntryWish, "body">[],
  nowMs: number,
): RosterValue["lastMeasures"] {
  const since = new Date(nowMs - LATELY_DAYS * DAY_MS).toISOString().slice(0, 10);
  const last = new Map<string, MeasureRecord>();
  for (const { body } of entries) {
    const record = readMeasure(body);
    if (record === null || record.date < since) continue;
    if (record.date >= (last.get(record.measure)?.date ?? "")) last.set(record.measure, record);
  }
  return [...last.values()].map(({ measure, date, total, band, alerts }) => ({
    measure,
    date,
    total,
    band,
    alerts,
  }));
}

function readMeasure(body: Uint8Array): MeasureRecord | null {
  const held = JSON.parse(new TextDecoder().decode(body)) as { readonly type?: unknown };
  if (held.type !== "measure") return null;
  const record = parseEntryBody("care", held);
  return record.type === "measure" ? record : null;
}
