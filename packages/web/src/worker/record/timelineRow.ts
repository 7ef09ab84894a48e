import type { RecordItem } from "@sinetti/client";
import {
  codingText,
  findMeasure,
  formOf,
  highestTotal,
  type NoteContent,
  type NoteHistory,
  type NoteSession,
  type NoteTemplate,
  type TimelineItem,
  type VersionedType,
} from "@sinetti/practice";

/** Words of a template or a data file in the languages that it has. */
export interface Words {
  readonly en: string;
  readonly fi: string;
}

/** One section of a note that was written. */
export interface SectionView {
  readonly id: string;
  readonly label: Words;
  readonly text: string;
}

/** One version of a note: the original, or a correction with its reason. */
export interface NoteVersion {
  readonly at: string;
  readonly by: string | null;
  readonly reason: string | null;
  readonly session: NoteSession;
  readonly sections: readonly SectionView[];
}

/** A note as the timeline shows it; versions newest first. */
export interface NoteView {
  readonly template: Words;
  readonly state: NoteHistory["state"];
  readonly session: NoteSession;
  readonly sections: readonly SectionView[];
  readonly objectives: readonly string[];
  readonly versions: readonly NoteVersion[];
  readonly countersigned: { readonly by: string | null; readonly at: string } | null;
}

/** One line of a detail: its key in the catalogue under `field`, and the words of the record. */
export interface Detail {
  readonly key: string;
  readonly text: string;
}

/** Anything else in one line, which opens in place. */
export interface LineView {
  readonly summary: string;
  /** A key of the catalogue under `state`; null: none. */
  readonly state: string | null;
  /** Keys of the catalogue under `alert`. */
  readonly alerts: readonly string[];
  readonly details: readonly Detail[];
  /** Why it was taken back; null: it holds. */
  readonly takenBack: string | null;
}

/** What a timeline can be narrowed to. */
export type RowKind = Exclude<RecordItem["kind"], "draft">;

/** One row of a timeline. */
export type TimelineRow = {
  readonly entry: string;
  readonly kind: RowKind;
  readonly on: string;
  readonly at: string;
  readonly by: string | null;
} & (
  | { readonly shape: "note"; readonly note: NoteView }
  | { readonly shape: "line"; readonly line: LineView }
);

/** What the rows need beside the record. */
export interface RowContext {
  readonly nameOf: (member: string) => string | null;
  readonly templates: readonly NoteTemplate[];
  /** Words of the objectives of the plans by their ids. */
  readonly objectives: ReadonlyMap<string, string>;
}

/** An item of a record as a row of its timeline. */
export function rowOf(item: TimelineItem, context: RowContext): TimelineRow {
  const { entry, kind, on, at, member } = item;
  const placed = { entry, kind, on, at, by: context.nameOf(member) };
  return item.kind === "note"
    ? { ...placed, shape: "note", note: noteView(item.note, context) }
    : { ...placed, shape: "line", line: lineView(item) };
}

/** What a note or draft was written on: as it stood then, else as the practice has it now. */
export function paperOf(
  note: Pick<NoteContent, "template" | "form">,
  templates: readonly NoteTemplate[],
): NoteTemplate | undefined {
  return formOf(note) ?? templates.find(({ id }) => id === note.template);
}

/** Sections of a note in the order of its template, what the template does not have behind them. */
export function sectionsOf(
  note: Pick<NoteContent, "template" | "form" | "sections">,
  templates: readonly NoteTemplate[],
): SectionView[] {
  const known = paperOf(note, templates)?.sections ?? [];
  const place = new Map(known.map((section, index) => [section.id, index]));
  return note.sections
    .filter(({ text }) => text.trim() !== "")
    .toSorted((a, b) => (place.get(a.id) ?? known.length) - (place.get(b.id) ?? known.length))
    .map(({ id: section, text }) => ({
      id: section,
      label: known[place.get(section) ?? -1]?.label ?? { en: section, fi: section },
      text,
    }));
}

function noteView(history: NoteHistory, context: RowContext): NoteView {
  const { original, current, amendments, state, countersignature } = history;
  const { nameOf, templates, objectives } = context;
  const versionOf = (
    version: NoteContent & { at: string; author: string },
    by: string | null,
    reason: string | null,
  ): NoteVersion => ({
    at: version.at,
    by: by ?? nameOf(version.author),
    reason,
    session: version.session,
    sections: sectionsOf(version, templates),
  });
  const versions = [
    versionOf(original, original.writtenBy ?? null, null),
    ...amendments.map(({ amendment }) => versionOf(amendment, null, amendment.reason)),
  ].reverse();
  return {
    template: paperOf(current, templates)?.label ?? {
      en: current.template,
      fi: current.template,
    },
    state,
    session: current.session,
    sections: sectionsOf(current, templates),
    objectives: current.objectives.map((id) => objectives.get(id) ?? id),
    versions,
    countersigned:
      countersignature === undefined
        ? null
        : { by: nameOf(countersignature.supervisor), at: countersignature.at },
  };
}

const EMPTY: LineView = { summary: "", state: null, alerts: [], details: [], takenBack: null };

/** Details that hold words. */
function details(
  fields: Readonly<Record<string, string | readonly string[] | undefined>>,
): Detail[] {
  return Object.entries(fields).flatMap(([key, value]) => {
    const text = typeof value === "string" ? value : (value ?? []).join("\n");
    return text.trim() === "" ? [] : [{ key, text }];
  });
}

function lineView(item: Exclude<TimelineItem, { kind: "note" }>): LineView {
  switch (item.kind) {
    case "measure": {
      const { record, point } = item;
      const highest = highestTotal(record.measure);
      const words = findMeasure(record.measure)?.items ?? [];
      const answers = record.answers?.map((answer, index) => {
        return `${index + 1}. ${words[index]?.text ?? ""} ${answer}`;
      });
      return {
        ...EMPTY,
        summary: `${findMeasure(record.measure)?.name ?? record.measure} ${record.total} / ${highest}`,
        state: `band.${point.band}`,
        alerts: point.alerts,
        details: details({
          sinceLast: signed(point.sinceLast?.points),
          sinceFirst: signed(point.sinceFirst?.points),
          answers,
        }),
      };
    }
    case "goal":
      return { ...EMPTY, summary: item.goal.text, state: `goal.${item.goal.status}` };
    case "opening":
      return { ...EMPTY, summary: item.opening.reason };
    case "export":
      return { ...EMPTY, summary: "to" in item.body ? item.body.to : item.body.by };
    case "imported":
      return { ...EMPTY, summary: item.text, state: `imported.${item.what}` };
    case "kept":
      return {
        ...EMPTY,
        summary: item.counts.map(({ kind, count }) => `${kind} ${count}`).join(", "),
      };
    case "processNote":
      return {
        ...EMPTY,
        summary: firstLine(item.note.text),
        details: details({ text: item.note.text }),
      };
    case "portal":
      return portalLine(item.body);
    default:
      return versionedLine(item);
  }
}

function portalLine(body: Extract<TimelineItem, { kind: "portal" }>["body"]): LineView {
  const state = `portal.${body.type}`;
  switch (body.type) {
    case "message":
      return {
        ...EMPTY,
        summary: body.subject ?? firstLine(body.text),
        state,
        details: details({ text: body.text }),
      };
    case "formSent":
    case "released":
      return { ...EMPTY, summary: body.title, state };
    case "formAnswered":
      return {
        ...EMPTY,
        state,
        details: details({ answers: body.answers.map(({ text }) => text) }),
      };
    case "consent":
      return { ...EMPTY, summary: body.scope, state, details: details({ text: body.wording }) };
    default:
      return { ...EMPTY, state };
  }
}

type VersionedItem = Extract<TimelineItem, { kind: VersionedType }>;

function versionedLine(item: VersionedItem): LineView {
  const takenBack = item.line.takenBack?.reason ?? null;
  return { ...EMPTY, ...bodyLine(item), takenBack };
}

function bodyLine(item: VersionedItem): Partial<LineView> {
  switch (item.kind) {
    case "plan": {
      const { body } = item.line.current;
      return {
        summary: body.title ?? firstLine(body.problem ?? ""),
        state: `plan.${body.status}`,
        details: details({
          problem: body.problem,
          strengths: body.strengths,
          goals: body.longTermGoals,
          objectives: body.objectives.map(({ text }) => text),
          interventions: body.interventions.map(({ text }) => text),
          discharge: body.dischargeCriteria,
        }),
      };
    }
    case "diagnosis": {
      const { body } = item.line.current;
      return { summary: codingText(body.code), state: `diagnosis.${body.status}` };
    }
    case "riskPlan": {
      const { body } = item.line.current;
      return {
        summary: firstLine(body.concerns),
        state: `risk.${body.level}`,
        details: details({
          concerns: body.concerns,
          warningSigns: body.warningSigns,
          coping: body.copingSteps,
          people: body.peopleAndPlaces,
          professionals: body.professionals,
          makingSafe: body.makingSafe,
          reasons: body.reasonsForLiving,
        }),
      };
    }
    case "careRelationship": {
      const { body } = item.line.current;
      return { summary: body.therapistName ?? "", state: `care.${body.status}` };
    }
    case "document": {
      const { body } = item.line.current;
      return { summary: body.title, details: details({ text: body.text }) };
    }
    case "letter": {
      const { body } = item.line.current;
      return { summary: `${body.title} → ${body.to}`, details: details({ text: body.text }) };
    }
    default: {
      const { body } = item.line.current;
      return {
        summary: firstLine(body.summary),
        state: `discharge.${body.reason}`,
        details: details({ text: body.summary, recommendations: body.recommendations }),
      };
    }
  }
}

const LINE_CHARACTERS = 120;

/** The first line of a text, cut at a word. */
export function firstLine(text: string): string {
  const line = text.trim().split("\n", 1)[0] ?? "";
  if (line.length <= LINE_CHARACTERS) return line;
  return `${line.slice(0, LINE_CHARACTERS).replace(/\s+\S*$/, "")} …`;
}

const signed = (points: number | undefined): string | undefined =>
  points === undefined ? undefined : points > 0 ? `+${points}` : String(points).replace("-", "−");
