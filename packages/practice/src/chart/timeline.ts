import { measureSeries, type MeasurePoint } from "../measures/measureSeries.ts";
import { foldNotes, type NoteHistory } from "../notes/noteLife.ts";
import { processNoteWarnings, type ProcessNoteWarning } from "../notes/processNoteWarnings.ts";
import type { CareBody } from "../records/care.ts";
import type { Exported, ExportRequest } from "../records/export.ts";
import type { Opening } from "../records/opening.ts";
import type { Goal } from "../records/plan.ts";
import type { MeasureRecord } from "../records/measure.ts";
import type { PortalBody } from "../records/portal.ts";
import type { GroupNote, ProcessBody, ProcessNote } from "../records/process.ts";
import {
  foldCareState,
  type CareEntry,
  type CareState,
  type Versioned,
  type VersionedType,
} from "./careState.ts";
import { elsewhereDay, elsewhereText, type Elsewhere } from "./elsewhereText.ts";

interface Placed {
  readonly entry: string;
  /** The member who signed the newest entry of it. */
  readonly member: string;
  /** The day that it is about: `YYYY-MM-DD`, or what of it is known. */
  readonly on: string;
  /** When it was written. */
  readonly at: string;
}

/** One thing of a record as a timeline shows it. */
export type TimelineItem = Placed &
  (
    | { readonly kind: "note"; readonly note: NoteHistory }
    | { readonly kind: "measure"; readonly record: MeasureRecord; readonly point: MeasurePoint }
    | { [T in VersionedType]: { readonly kind: T; readonly line: Versioned<T> } }[VersionedType]
    | { readonly kind: "goal"; readonly goal: Goal }
    | { readonly kind: "opening"; readonly opening: Opening }
    | { readonly kind: "export"; readonly body: Exported | ExportRequest }
    | { readonly kind: "imported"; readonly what: Elsewhere["type"]; readonly text: string }
    | { readonly kind: "kept"; readonly counts: readonly { kind: string; count: number }[] }
    | { readonly kind: "portal"; readonly body: Exclude<PortalBody, { type: "links" }> }
    | {
        readonly kind: "processNote";
        readonly note: ProcessNote | GroupNote;
        readonly earlier: readonly string[];
        readonly warnings: readonly ProcessNoteWarning[];
      }
  );

/** A care file as a screen shows it. */
export interface CareChart {
  readonly notes: readonly NoteHistory[];
  readonly state: CareState;
  readonly measures: ReturnType<typeof measureSeries>;
  readonly timeline: readonly TimelineItem[];
}

/** Newest day first; within a day what was written last. */
export function byDay(
  a: Pick<TimelineItem, "on" | "at">,
  b: Pick<TimelineItem, "on" | "at">,
): number {
  if (a.on !== b.on) return a.on < b.on ? 1 : -1;
  return Date.parse(b.at) - Date.parse(a.at);
}

const ELSEWHERE = new Set<CareBody["type"]>([
  "encounter",
  "observations",
  "procedure",
  "communication",
  "consent",
  "questionnaireAnswers",
]);

/** What an opened care file says: notes with their corrections, what holds and what held, series of measures, and all of it by day. */
export function readCare(entries: readonly CareEntry[]): CareChart {
  const taken = new Set(
    entries.flatMap(({ body }) => (body.type === "retraction" ? [body.entry] : [])),
  );
  const live = entries.filter(({ entry }) => !taken.has(entry));
  const notes = foldNotes(entries.map(({ entry, body }) => ({ entry, body })));
  const state = foldCareState(entries);
  const measures = measureSeries(
    live.flatMap(({ entry, body }) => (body.type === "measure" ? [{ entry, record: body }] : [])),
  );
  const points = new Map(
    measures.flatMap((series) => series.points.map((point) => [point.entry, point] as const)),
  );
  const memberByEntry = new Map(entries.map(({ entry, member }) => [entry, member]));
  const timeline = [
    ...notes.map((note) => noteItem(note, memberByEntry)),
    ...Object.values(state).flatMap((lines) =>
      (lines as readonly Versioned<VersionedType>[]).map(versionedItem),
    ),
    ...live.flatMap((entry) => plainItem(entry, points)),
  ];
  return { notes, state, measures, timeline: timeline.sort(byDay) };
}

function noteItem(note: NoteHistory, members: ReadonlyMap<string, string>): TimelineItem {
  const { entry, original, current, amendments } = note;
  const member = members.get(amendments.at(-1)?.entry ?? entry) ?? original.author;
  return { entry, member, on: current.session.date, at: original.at, kind: "note", note };
}

function versionedItem(line: Versioned<VersionedType>): TimelineItem {
  const { entry, member, body } = line.current;
  const on = "on" in body && body.on !== undefined ? body.on : body.at.slice(0, 10);
  return { entry, member, on, at: body.at, kind: body.type, line } as TimelineItem;
}

function plainItem(
  { entry, member, body }: CareEntry,
  points: ReadonlyMap<string, MeasurePoint>,
): TimelineItem[] {
  const placed = { entry, member, at: body.at, on: body.at.slice(0, 10) };
  if (body.type === "measure") {
    const point = points.get(entry);
    return point === undefined
      ? []
      : [{ ...placed, on: body.date, kind: "measure", record: body, point }];
  }
  if (body.type === "goal") return [{ ...placed, kind: "goal", goal: body }];
  if (body.type === "opening") return [{ ...placed, kind: "opening", opening: body }];
  if (body.type === "export" || body.type === "exportRequest")
    return [{ ...placed, kind: "export", body }];
  if (body.type === "sourceDocument") return keptItem(placed, body.documents);
  if (!ELSEWHERE.has(body.type)) return [];
  const told = body as Elsewhere;
  const on = elsewhereDay(told);
  return [{ ...placed, on, kind: "imported", what: told.type, text: elsewhereText(told) }];
}

/** Originals without a home of their own, counted by kind; those of records that stand here anyway do not count. */
function keptItem(
  placed: Placed,
  documents: Extract<CareBody, { type: "sourceDocument" }>["documents"],
): TimelineItem[] {
  const counted = documents.filter(
    ({ originalOf, part }) => originalOf === undefined && (part?.index ?? 0) === 0,
  );
  if (counted.length === 0) return [];
  const counts = [...Map.groupBy(counted, ({ kind }) => kind)].map(([kind, of]) => ({
    kind,
    count: of.length,
  }));
  return [{ ...placed, kind: "kept", counts }];
}

/** What an opened process file says: each note as it stands, the ones that it replaced by their entries, newest first. */
export function readProcess(
  entries: readonly { entry: string; member: string; body: ProcessBody }[],
): TimelineItem[] {
  const earlier = new Map<string, readonly string[]>();
  const gone = new Set<string>();
  for (const { entry, body } of entries) {
    if (body.type === "retraction") gone.add(body.entry);
    if (!("replaces" in body) || body.replaces === undefined) continue;
    gone.add(body.replaces);
    earlier.set(entry, [...(earlier.get(body.replaces) ?? []), body.replaces]);
  }
  const items = entries.flatMap(({ entry, member, body }): TimelineItem[] => {
    if (gone.has(entry) || (body.type !== "processNote" && body.type !== "groupNote")) return [];
    const { at, text, sessionDate } = body;
    const warnings = processNoteWarnings(text);
    const placed = { entry, member, at, on: sessionDate ?? at.slice(0, 10) };
    const before = earlier.get(entry) ?? [];
    return [{ ...placed, kind: "processNote", note: body, earlier: before, warnings }];
  });
  return items.sort(byDay);
}

/** Messages, forms, consents and what was given to the patient, newest first. */
export function readPortal(
  entries: readonly { entry: string; member: string; body: PortalBody }[],
): TimelineItem[] {
  const gone = new Set(
    entries.flatMap(({ body }) => (body.type === "retraction" ? [body.entry] : [])),
  );
  const items = entries.flatMap(({ entry, member, body }): TimelineItem[] => {
    if (gone.has(entry) || body.type === "links" || body.type === "retraction") return [];
    return [{ entry, member, at: body.at, on: body.at.slice(0, 10), kind: "portal", body }];
  });
  return items.sort(byDay);
}
