import type { RowKind, TimelineRow } from "./timelineRow.ts";

/** What a timeline can be narrowed to, as people think of it. */
export const GROUPS = [
  "notes",
  "measures",
  "plan",
  "risk",
  "documents",
  "process",
  "other",
] as const;
/** One of them. */
export type KindGroup = (typeof GROUPS)[number];

const GROUP_BY_KIND: Record<RowKind, KindGroup> = {
  note: "notes",
  measure: "measures",
  plan: "plan",
  goal: "plan",
  diagnosis: "plan",
  discharge: "plan",
  riskPlan: "risk",
  opening: "risk",
  document: "documents",
  letter: "documents",
  portal: "documents",
  kept: "documents",
  processNote: "process",
  careRelationship: "other",
  export: "other",
  imported: "other",
};

/** What of a timeline is asked for. */
export interface TimelineAsk {
  /** Words that stand in it; empty: all. */
  readonly text: string;
  /** Null: every kind. */
  readonly group: KindGroup | null;
  readonly count: number;
}

/** A part of a timeline, the newest first. */
export interface TimelinePage {
  readonly rows: readonly TimelineRow[];
  /** How many of those asked for are older than the last one here. */
  readonly older: number;
  /** How many there are of each group, whatever was asked for. */
  readonly counts: Readonly<Partial<Record<KindGroup, number>>>;
}

/** The part of a timeline that was asked for. Every word has to stand in a row, in whatever place. */
export function pageOf(
  all: readonly TimelineRow[],
  { text, group, count }: TimelineAsk,
): TimelinePage {
  const counts: Partial<Record<KindGroup, number>> = {};
  for (const { kind } of all) {
    const of = GROUP_BY_KIND[kind];
    counts[of] = (counts[of] ?? 0) + 1;
  }
  const words = plain(text).split(/\s+/).filter(Boolean);
  const found = all.filter((row) => {
    if (group !== null && GROUP_BY_KIND[row.kind] !== group) return false;
    if (words.length === 0) return true;
    const said = plain(wordsOf(row).join("\n"));
    return words.every((word) => said.includes(word));
  });
  return { rows: found.slice(0, count), older: Math.max(0, found.length - count), counts };
}

function plain(text: string): string {
  return text.normalize("NFC").toLowerCase();
}

/** All that a row says in words of the record. */
function wordsOf(row: TimelineRow): string[] {
  const placed = [row.on, row.by ?? ""];
  if (row.shape === "line") {
    const { summary, details, takenBack } = row.line;
    return [...placed, summary, takenBack ?? "", ...details.map(({ text }) => text)];
  }
  const { template, versions, objectives } = row.note;
  return [
    ...placed,
    template.en,
    template.fi,
    ...objectives,
    ...versions.flatMap(({ reason, sections }) => [
      reason ?? "",
      ...sections.map(({ text }) => text),
    ]),
  ];
}

/** Rows under the months that they are of, in the order in which they come. */
export function byMonth<T extends { readonly on: string }>(
  rows: readonly T[],
): { readonly month: string; readonly rows: readonly T[] }[] {
  return [...Map.groupBy(rows, ({ on }) => on.slice(0, 7))].map(([month, of]) => ({
    month,
    rows: of,
  }));
}
