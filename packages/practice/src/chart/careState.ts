import type { CareBody } from "../records/care.ts";

/** The bodies that a later entry may replace by naming them. */
const VERSIONED = [
  "plan",
  "diagnosis",
  "riskPlan",
  "careRelationship",
  "document",
  "letter",
  "discharge",
] as const;
/** The type of such a body. */
export type VersionedType = (typeof VERSIONED)[number];
type Body<T extends VersionedType> = Extract<CareBody, { type: T }>;

/** One entry of a care file, opened. */
export interface CareEntry {
  readonly entry: string;
  /** The member who signed it. */
  readonly member: string;
  readonly body: CareBody;
}

/** One version of something that changes. */
export interface Version<T extends VersionedType> {
  readonly entry: string;
  readonly member: string;
  readonly body: Body<T>;
}

/** Something that changes, as it stands, with all that it was before, oldest first. */
export interface Versioned<T extends VersionedType> {
  readonly current: Version<T>;
  readonly earlier: readonly Version<T>[];
  /** Who took it back and why; absent while it holds. */
  readonly takenBack?: { readonly entry: string; readonly reason: string };
}

/** What of a care file changes by entries that name the ones before them; within each type in the order of the newest versions. */
export type CareState = { readonly [T in VersionedType]: readonly Versioned<T>[] };

type Line = { versions: Version<VersionedType>[]; takenBack?: Versioned<"plan">["takenBack"] };

/** Whether a body belongs to something that changes by entries that name the ones before. */
export function isVersioned(body: CareBody): body is Body<VersionedType> {
  return (VERSIONED as readonly string[]).includes(body.type);
}

/**
 * Folds entries in chain order. Two entries that name the same one are both kept in the line, the later one holds; one that names
 * what is not there, or is of another type, begins a line of its own. A retraction of any version takes the whole line back.
 */
export function foldCareState(entries: readonly CareEntry[]): CareState {
  const lineByEntry = new Map<string, Line>();
  const lines = new Set<Line>();
  for (const { entry, member, body } of entries) {
    if (body.type === "retraction") {
      const line = lineByEntry.get(body.entry);
      if (line !== undefined) line.takenBack = { entry, reason: body.reason };
    }
    if (!isVersioned(body)) continue;
    const before = body.replaces === undefined ? undefined : lineByEntry.get(body.replaces);
    const line = before?.versions[0]?.body.type === body.type ? before : { versions: [] };
    line.versions.push({ entry, member, body });
    lineByEntry.set(entry, line);
    // Behind the others again: lists go by what was changed last.
    lines.delete(line);
    lines.add(line);
  }
  const of = <T extends VersionedType>(type: T): Versioned<T>[] =>
    [...lines].flatMap(({ versions, takenBack }) => {
      const current = versions.at(-1);
      if (current?.body.type !== type) return [];
      const whole = { current, earlier: versions.slice(0, -1) };
      return [
        (takenBack === undefined ? whole : { ...whole, takenBack }) as unknown as Versioned<T>,
      ];
    });
  return {
    plan: of("plan"),
    diagnosis: of("diagnosis"),
    riskPlan: of("riskPlan"),
    careRelationship: of("careRelationship"),
    document: of("document"),
    letter: of("letter"),
    discharge: of("discharge"),
  };
}

/** Those that hold: not taken back. */
export function holding<T extends VersionedType>(
  lines: readonly Versioned<T>[],
): readonly Versioned<T>[] {
  return lines.filter(({ takenBack }) => takenBack === undefined);
}
