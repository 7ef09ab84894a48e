import { edgeState, isLowRisk, subjectName, type OwnRound } from "@sinetti/client";
import {
  RIGHTS,
  weekOf,
  weekStart,
  type DatabaseEdge,
  type KeyEdge,
  type PracticeState,
  type ReviewDecision,
  type ReviewRisk,
  type TeamKind,
} from "@sinetti/core";

type Directory = Parameters<typeof subjectName>[1]["directory"];

/** One access of a round, as the table shows it. */
export interface ReviewRow {
  /** Its place in the round. */
  readonly edge: number;
  readonly kind: "key" | "database";
  /** Whose: a name; of a team its kind. */
  readonly holder: string;
  readonly team: TeamKind | null;
  /** Compartment of a record; right and object of a database. */
  readonly what: string;
  /** The first digits of the record's id: no patient's name is known here. */
  readonly short: string;
  readonly rights: readonly (keyof typeof RIGHTS)[];
  /** ISO instant; null: never. */
  readonly lastUsed: string | null;
  /** ISO date; null: without an end. */
  readonly until: string | null;
  readonly state: ReturnType<typeof edgeState>;
  readonly risks: readonly ReviewRisk[];
  readonly isLast: boolean;
  readonly verdict: ReviewDecision["verdict"] | null;
}

/** A round as its screen shows it. */
export interface ReviewView {
  readonly round: string;
  /** ISO instant at which the accesses were read. */
  readonly at: string;
  readonly isClosed: boolean;
  /** By holder; within one, what something speaks against first, unused before used. */
  readonly rows: readonly ReviewRow[];
}

const isoDay = (week: number): string =>
  new Date(weekStart(week) * 1000).toISOString().slice(0, 10);
const instant = (seconds: number): string => new Date(seconds * 1000).toISOString();

interface Known {
  readonly practice: PracticeState;
  readonly directory: Directory;
  readonly now: number;
}

/** The rows of a round; `lapsed`: the places of what is gone from its chain. */
export function reviewView(
  { round, state, snapshot, decisions, edges }: OwnRound,
  { lapsed, ...known }: Known & { lapsed: ReadonlySet<number> },
): ReviewView {
  const verdictOf = new Map(decisions.map(({ edge, verdict }) => [edge, verdict]));
  const rows = edges.map((each, edge): ReviewRow => {
    const verdict = verdictOf.get(edge) ?? null;
    return each.kind === "key"
      ? { ...keyRow(each.edge, { ...known, isGone: lapsed.has(edge) }), edge, verdict }
      : { ...databaseRow(each.edge), edge, verdict };
  });
  return {
    round,
    at: instant(snapshot.at),
    isClosed: state.closed !== null,
    rows: rows.sort(byHolderAndRisk),
  };
}

type Undecided = Omit<ReviewRow, "edge" | "verdict">;

function keyRow(
  edge: KeyEdge,
  { practice, directory, now, isGone }: Known & { isGone: boolean },
): Undecided {
  const { subject, compartment, file, rights, lastUsed, expires, risks, isLast } = edge;
  const team = subject.type === "team" ? (practice.teams[subject.id]?.kind ?? null) : null;
  return {
    kind: "key",
    holder: subjectName(edge, { practice, directory }),
    team,
    what: compartment,
    short: file.slice(0, 8),
    rights: (Object.keys(RIGHTS) as (keyof typeof RIGHTS)[]).filter(
      (name) => (rights & RIGHTS[name]) !== 0,
    ),
    lastUsed: lastUsed === null ? null : instant(lastUsed),
    until: expires === 0 ? null : isoDay(expires),
    state: edgeState(edge, { now, week: weekOf(now), isGone }),
    risks,
    isLast,
  };
}

function databaseRow({
  database,
  role,
  right,
  object,
  validUntil,
  risks,
}: DatabaseEdge): Undecided {
  return {
    kind: "database",
    holder: `${database}: ${role}`,
    team: null,
    what: `${right} ${object}`,
    short: "",
    rights: [],
    lastUsed: null,
    until: validUntil === null ? null : instant(validUntil).slice(0, 10),
    state: "active",
    risks,
    isLast: false,
  };
}

function byHolderAndRisk(a: ReviewRow, b: ReviewRow): number {
  return (
    a.holder.localeCompare(b.holder) ||
    Number(isLowRisk(a)) - Number(isLowRisk(b)) ||
    (a.lastUsed ?? "").localeCompare(b.lastUsed ?? "") ||
    a.edge - b.edge
  );
}
