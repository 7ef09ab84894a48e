import { SERVICES, type MemberId, type ServiceName, type ShownBoard } from "@sinetti/core";
import type { Client } from "../client.ts";
import { knownDirectory } from "../practicePeople.ts";
import { memberName, type Directory } from "../records/directory.ts";
import { askPosture, type PostureAnswer } from "./askPosture.ts";

type Shown = ShownBoard["findings"][number];
type HostWord = NonNullable<ShownBoard["hosts"]>["words"][number];

/** Databases are looked at every hour; after another one somebody should wonder. */
const LATE_SECONDS = 2 * 3600;

/** One fault of one object of a database, or of a host. Instants are ISO, days `2026-12-01`. */
export interface PostureFinding extends Pick<
  Shown,
  "id" | "severity" | "object" | "title" | "why" | "mend" | "state" | "regressions" | "until"
> {
  readonly first: string;
  /** Why it is borne, in the words of those who signed. */
  readonly reason: string | null;
  /** Who signed, by name. */
  readonly by: readonly string[];
}

/** Something that a look found changed. */
export interface PostureChange extends Omit<ShownBoard["changes"][number], "at"> {
  readonly at: string;
  readonly database: ServiceName;
}

/** What a host of the plan has said. */
export interface PostureHost extends Pick<HostWord, "host" | "signature" | "isOfPlan" | "wrong"> {
  /** Null: nothing. */
  readonly said: string | null;
  readonly isLate: boolean;
}

/** What posture found of one database. */
export interface DatabasePosture {
  readonly database: ServiceName;
  /** `missing`: nobody has looked; `broken`: what the service was told cannot be read; `untold`: it has no such answer; `silent`: it gave none. */
  readonly state: PostureAnswer["state"] | "untold" | "silent";
  readonly looked: string | null;
  /** The last look is long ago. */
  readonly isLate: boolean;
  readonly findings: readonly PostureFinding[];
  /** Findings that had no room. */
  readonly left: number;
  /** Checks that could not look. */
  readonly blind: readonly string[];
}

/** Posture of the three databases. */
export interface Posture {
  readonly databases: readonly DatabasePosture[];
  /** Newest first. */
  readonly changes: readonly PostureChange[];
  /** Null: there is no plan of hosts. */
  readonly hosts: {
    readonly said: readonly PostureHost[];
    readonly findings: readonly PostureFinding[];
  } | null;
}

const instant = (seconds: number): string => new Date(seconds * 1000).toISOString();
const nameOf = (directory: Directory | null, member: MemberId): string =>
  (directory && memberName(directory, member)) ?? member;

function findingOf(
  {
    reason,
    by,
    first,
    ...shown
  }: Omit<Shown, "reason" | "by"> & Partial<Pick<Shown, "reason" | "by">>,
  directory: Directory | null,
): PostureFinding {
  const names = (by ?? []).map((member) => nameOf(directory, member));
  return { ...shown, first: instant(first), reason: reason ?? null, by: names };
}

function databaseOf(
  database: ServiceName,
  answer: PostureAnswer | "silent" | "untold",
  directory: Directory | null,
): DatabasePosture {
  const nothing = { looked: null, isLate: false, findings: [], left: 0, blind: [] };
  if (typeof answer === "string") return { database, state: answer, ...nothing };
  const { at, state, board } = answer;
  if (board === null) return { database, state, ...nothing };
  return {
    database,
    state,
    looked: instant(board.looked),
    isLate: at - board.looked > LATE_SECONDS,
    findings: board.findings.map((finding) => findingOf(finding, directory)),
    left: board.left,
    blind: board.blind,
  };
}

/** Of the boards that know a plan the one that looked last. */
function hostsOf(answers: readonly PostureAnswer[], directory: Directory | null): Posture["hosts"] {
  const [newest] = answers
    .flatMap(({ at, board }) => (board?.hosts ? [{ at, hosts: board.hosts }] : []))
    .toSorted((a, b) => b.hosts.looked - a.hosts.looked);
  if (newest === undefined) return null;
  const { at, hosts } = newest;
  return {
    said: hosts.words.map(({ host, said, signature, isOfPlan, lateAfter, wrong }) => ({
      host,
      signature,
      isOfPlan,
      wrong,
      said: said === null ? null : instant(said),
      isLate: said === null || at - said > lateAfter,
    })),
    findings: hosts.findings.map((finding) => findingOf(finding, directory)),
  };
}

/** What was found of the three databases, and of the hosts where there is a plan. For administrators and privacy officers; ServiceRefusal `not-authorised`. */
export async function readPosture(client: Client): Promise<Posture> {
  const [directory, ...answers] = await Promise.all([
    knownDirectory(client),
    ...SERVICES.map((database) => askPosture(client, database, true)),
  ]);
  const given = answers.filter((answer) => typeof answer !== "string");
  const changes = SERVICES.flatMap((database, position) => {
    const answer = answers[position];
    const board = typeof answer === "object" ? answer.board : null;
    return (board?.changes ?? []).map(({ at, ...change }) => ({
      ...change,
      database,
      at: instant(at),
    }));
  });
  return {
    databases: SERVICES.map((database, position) =>
      databaseOf(database, answers[position] ?? "silent", directory),
    ),
    changes: changes.toSorted((a, b) => b.at.localeCompare(a.at)),
    hosts: hostsOf(given, directory),
  };
}
