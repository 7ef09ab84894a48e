import { SEVERITIES, type CopyEvent, type Finding, type PostureReport } from "@sinetti/posture";

import { table } from "../output.ts";

/** A finding as the command prints it. */
export type FindingRow = Finding & { readonly database: string; readonly state: string };

/** Names come from a database of somebody else: none may steer a terminal or begin a line of its own. */
const STEERING = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;
/** A text without what steers a terminal. */
export const plain = (text: string): string => text.replace(STEERING, "\uFFFD");

function onOneLine(row: FindingRow): FindingRow {
  const mend = row.mend.split("\n").map(plain).join("\n  ");
  return { ...row, object: plain(row.object), why: plain(row.why), mend };
}

/** What was looked at, and how. */
export type DatabaseRow = Pick<PostureReport, "unseen"> & {
  readonly database: string;
  readonly version: string;
  readonly role: string;
  readonly policy: string;
  readonly notChecked: readonly string[];
};

/** What was found in one database. */
export function databaseLines(one: DatabaseRow, all: readonly FindingRow[]): string[] {
  const findings = all.filter(({ database }) => database === one.database);
  const head = `${one.database}: PostgreSQL ${one.version}, as ${one.role}, policy ${one.policy}`;
  const blind = one.unseen.map(
    ({ object, allow }) =>
      `Not visible to ${one.role}: ${object}. Allow it: ${allow.replaceAll("ROLE", one.role)}`,
  );
  const missed =
    one.notChecked.length === 0 ? [] : [`Not or only partly checked: ${one.notChecked.join(", ")}`];
  return [...findingLines(head, findings), ...blind, ...missed];
}

/** A head with the counts, the findings, and the mend of each that is open. */
export function findingLines(head: string, all: readonly FindingRow[]): string[] {
  const findings = all.map(onOneLine);
  const open = findings.filter(({ excepted }) => excepted === null);
  const counts = SEVERITIES.toReversed().map(
    (severity) => `${open.filter((row) => row.severity === severity).length} ${severity}`,
  );
  const rows = findings.map(({ severity, id, title, object, state, excepted }) => [
    severity,
    id,
    title,
    object,
    excepted === null ? state : `excepted until ${excepted}`,
  ]);
  const mends = open.map(
    ({ id, object, why, mend }) => `\n${id} ${object}\n  ${why}\n  Mend: ${mend}`,
  );
  return [`${head}: ${counts.join(", ")}`, ...(rows.length === 0 ? [] : [table(rows)]), ...mends];
}

/** By which way each role reaches each relation. */
export function accessLines(
  access: readonly (PostureReport["access"][number] & { readonly database: string })[],
): string[] {
  const rows = access.map(({ database, role, relation, column, privileges, path, by }) => [
    database,
    role,
    column === null ? relation : `${relation}.${column}`,
    privileges.join(", "),
    `${path.join(" → ")}${by === "set" ? " (after SET ROLE)" : ""}`,
  ]);
  const head = ["database", "role", "relation", "may", "because"];
  return ["", table([head, ...rows.map((row) => row.map(plain))])];
}

/** What the watch saw, as a line. */
export function eventLine({
  event,
  database,
  object,
  address,
  mend,
}: CopyEvent & { database: string }): string {
  const end = event === "begun" ? `; end it: ${mend}` : "";
  return `${new Date().toISOString()} ${event} ${database}: ${plain(object)} from ${address ?? "this machine"}${end}`;
}
