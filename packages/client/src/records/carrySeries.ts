import { CARRIED_KEY, reaches, type Carried, type ScheduleValue } from "@sinetti/practice";
import type { FoldedChange } from "./folded.ts";
import { monthAfter, monthOf } from "./months.ts";
import type { MonthChanges, ScheduleBook } from "./scheduleBook.ts";

/** Months that are looked through for series when a practice comes back from a pause. */
const PAUSE_MONTHS = 12;
/** Series that are carried in one append, and room for the marks beside them. */
const CARRIED_AT_ONCE = 200;

/**
 * Carries the series on until `target` holds them, month by month: whoever opens a schedule finds in it alone what is held in that
 * month. Gives the last month that holds them; earlier than `target` where a month is not this member's.
 */
export async function carryTo(book: ScheduleBook, target: string): Promise<string> {
  let at = await findCarried(book);
  while (at < target && (await carryOn(book, at))) at = monthAfter(at);
  return at;
}

/** The last month that holds the series, all months up to it open. */
export async function openHorizon(book: ScheduleBook): Promise<string> {
  let at = await carryTo(book, monthAfter(monthOf(book.today)));
  while (book.carried(at)?.to !== undefined && (await carryOn(book, at))) at = monthAfter(at);
  return at;
}

async function findCarried(book: ScheduleBook): Promise<string> {
  const current = monthOf(book.today);
  await book.open([current]);
  if (book.carried(current) !== undefined) return current;
  const past = Array.from({ length: PAUSE_MONTHS }, (_, index) => monthAfter(current, -1 - index));
  await book.open(past);
  const last = past.find((month) => book.carried(month) !== undefined);
  if (last !== undefined) return last;
  await book.make([current]);
  if (book.values(current) === undefined) return current;
  await book.write(async () => {
    const mark: FoldedChange<"schedule"> = { key: CARRIED_KEY, value: { kind: "carried" } };
    const isMarked = book.carried(current) !== undefined;
    return { changes: isMarked ? null : new Map([[current, [mark]]]), result: undefined };
  });
  return current;
}

/** False: one of the two months is not this member's. */
async function carryOn(book: ScheduleBook, month: string): Promise<boolean> {
  const next = monthAfter(month);
  await book.make([next]);
  if (book.values(month) === undefined || book.values(next) === undefined) return false;
  for (let isDone = false; !isDone;) isDone = await book.write(async () => carryingOf(book, month));
  return true;
}

/** What a month lacks of the series before it; with the last of them both months say that it holds them all. */
function carryingOf(
  book: ScheduleBook,
  month: string,
): { changes: MonthChanges | null; result: boolean } {
  const next = monthAfter(month);
  const mark = book.carried(month);
  if (mark?.to === next) return { changes: null, result: true };
  const missing = missingSeries(book, month, next);
  if (missing.length > CARRIED_AT_ONCE)
    return { changes: new Map([[next, missing.slice(0, CARRIED_AT_ONCE)]]), result: false };
  const from: Carried = { ...(mark ?? { kind: "carried" }), to: next };
  const to: Carried = { ...(book.carried(next) ?? { kind: "carried" }), from: month };
  const changes = new Map([
    [month, [{ key: CARRIED_KEY, value: from }]],
    [next, [...missing, { key: CARRIED_KEY, value: to }]],
  ]);
  return { changes, result: true };
}

function missingSeries(
  book: ScheduleBook,
  month: string,
  next: string,
): FoldedChange<"schedule">[] {
  const held = book.values(next) ?? new Map<string, ScheduleValue>();
  const wanted = new Map(
    [...(book.values(month) ?? [])].filter(
      ([, value]) => value.kind === "series" && reaches(value, `${next}-01`),
    ),
  );
  const lacking = [...wanted]
    .filter(([key, value]) => JSON.stringify(held.get(key)) !== JSON.stringify(value))
    .map(([key, value]) => ({ key, value }));
  const ended = [...held]
    .filter(([key, value]) => value.kind === "series" && !wanted.has(key))
    .map(([key]) => ({ key, value: null }));
  return [...lacking, ...ended];
}
