/** What the gate had counted at the last look, and what is still to be told. */
export interface AlarmBook {
  /** When the gate was started: its counts begin anew with it. */
  readonly startedAt: number | null;
  readonly counts: Readonly<Record<string, number>>;
  /** Kinds that nobody was told of yet. */
  readonly untold: readonly string[];
}

/** Before the first look: whatever the gate has counted since its start is told, rather twice than never. */
export const EMPTY_BOOK: AlarmBook = { startedAt: null, counts: {}, untold: [] };

const STARTED = /^process_start_time_seconds (\d+(?:\.\d+)?)$/m;
const ALARM = /^sinetti_alarms_total\{alarm="([a-z-]{1,40})"\} (\d{1,15})$/gm;

/** What the gate's numbers say of alarms; null: these are not the gate's numbers. */
export function readAlarms(text: string): Omit<AlarmBook, "untold"> | null {
  const [, started] = STARTED.exec(text) ?? [];
  const counts = Object.fromEntries(
    [...text.matchAll(ALARM)].map(([, kind = "", count]) => [kind, Number(count)]),
  );
  const isGate = started !== undefined && Object.keys(counts).length > 0;
  return isGate ? { startedAt: Number(started), counts } : null;
}

/** The book after another look. */
export function turnPage(book: AlarmBook, seen: Omit<AlarmBook, "untold">): AlarmBook {
  const before = book.startedAt === seen.startedAt ? book.counts : {};
  const rung = Object.entries(seen.counts).flatMap(([kind, count]) =>
    count > (before[kind] ?? 0) ? [kind] : [],
  );
  return { ...seen, untold: [...new Set([...book.untold, ...rung])].toSorted() };
}
