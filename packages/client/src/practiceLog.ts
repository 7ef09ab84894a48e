import {
  GATE_ROUTES,
  type FileId,
  type MemberId,
  type Outcome,
  type Purpose,
  type Shaped,
} from "@sinetti/core";
import type { Client } from "./client.ts";
import { memberName, openDirectory } from "./records/directory.ts";

type LogPage = Shaped<(typeof GATE_ROUTES)["logRead"]["answer"]>;
type Line = LogPage["rows"][number];

/** Lines that one request asks for, and requests that one reading makes at most. */
const LINES = 1000;
const PAGES = 5;

/** Why a line should be looked at. */
export type LogAlarm =
  /** The file of an invented patient was opened. */
  | "canary"
  /** A record was opened because its patient is in crisis. */
  | "crisis"
  /** Somebody asked for more than their budget allows. */
  | "over-budget"
  /** A frozen member asked for openings. */
  | "frozen"
  /** Somebody raised their own budget by a passkey. */
  | "top-up"
  /** A passkey that may raise a budget was added or removed. */
  | "passkey";

/** One line of the gate's log as a privacy officer reads it. */
export interface PracticeLogRow {
  readonly index: number;
  /** ISO instant of the gate. */
  readonly at: string;
  readonly kind: Line["kind"];
  readonly member: MemberId | null;
  readonly name: string | null;
  readonly file: FileId | null;
  readonly purpose: Purpose | null;
  readonly outcome: Outcome | null;
  readonly alarm: LogAlarm | null;
}

/** The newest lines of the practice's log. */
export interface PracticeLog {
  /** Newest first. */
  readonly rows: readonly PracticeLogRow[];
  /** Older lines are there. */
  readonly hasMore: boolean;
}

function alarmOf({ kind, purpose, outcome }: Line): LogAlarm | null {
  if (kind === "top-up" || kind === "passkey") return kind;
  if (kind === "canary" && outcome !== null) return "canary";
  if (outcome === "canary") return "canary";
  if (purpose === "crisis" && outcome === "released") return "crisis";
  return outcome === "over-budget" || outcome === "frozen" ? outcome : null;
}

/** The newest lines of what the gate released and refused, with the reason to look at a line. For a privacy officer; ServiceRefusal `not-authorised`. */
export async function readPracticeLog(client: Client): Promise<PracticeLog> {
  const { context } = client;
  const directory = await openDirectory(context);
  const read = async (from: number, limit: number): Promise<LogPage> => {
    const ask = { scope: "practice" as const, file: null, from, limit };
    return (await context.services.call("gate", GATE_ROUTES.logRead, ask)).answer;
  };
  const { head } = await read(0, 1);
  const first = Math.max(0, (head?.index ?? 0) + 1 - LINES);
  const lines: Line[] = [];
  let next: number | null = first;
  for (let page = 0; page < PAGES && next !== null; page++) {
    const answer: LogPage = await read(next, LINES);
    lines.push(...answer.rows);
    ({ next } = answer);
  }
  const rows = lines.map((line): PracticeLogRow => {
    const { index, kind, member, file, purpose, outcome } = line;
    const name = member === null ? null : memberName(directory, member);
    const at = new Date(line.at * 1000).toISOString();
    return { index, at, kind, member, name, file, purpose, outcome, alarm: alarmOf(line) };
  });
  return { rows: rows.reverse(), hasMore: first > 0 };
}
