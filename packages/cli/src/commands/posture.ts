import { writeFileSync } from "node:fs";
import { resolve } from "node:path";

import {
  SEVERITIES,
  advanceState,
  checkPosture,
  draftPolicy,
  isAtLeast,
  policyText,
  type CopyEvent,
  type Finding,
  type PostureReport,
  type PostureState,
  type Severity,
} from "@sinetti/posture";
import type { Command } from "commander";

import { EXIT } from "../failure.ts";
import { InputError, UsageError } from "../inputError.ts";
import { writeMetricsFile } from "../metrics/metricsFile.ts";
import { postureMetrics } from "../metrics/postureMetrics.ts";
import { table, type Printed } from "../output.ts";
import {
  ownTargets,
  readPolicyFile,
  urlTarget,
  withTarget,
  type PostureTarget,
} from "../posture/postureTarget.ts";
import { readStateFile, writeStateFile } from "../posture/stateFile.ts";
import { watchTargets } from "../posture/watchTargets.ts";
import { defaultData, type Shell } from "../shell.ts";
import { addCommand, type Words } from "./command.ts";

/** `sinetti posture`. */
export function addPostureCommand(program: Command): void {
  addCommand(program, {
    usage: "posture",
    summary:
      "Read a PostgreSQL's real permissions: what is wrong, why, and the statement that mends it",
    options: [
      [
        "--url <url>",
        "postgres:// of any database, 15 to 18; without it this installation's three",
      ],
      ["--data <dir>", "data folder of `start` (SINETTI_DATA; .data in the repository)"],
      ["--policy <file>", "the declared policy; without --url only its exceptions count"],
      ["--draft-policy <file>", "write down what was found as a policy to begin with; with --url"],
      [
        "--fail-on <severity>",
        `exit 4 when there is one at least so bad: ${SEVERITIES.join(", ")}`,
      ],
      ["--state <file>", "remember findings: open, excepted, fixed, regressed"],
      [
        "--metrics-file <file>",
        "write numbers for Prometheus there, for a collector of text files (*.prom)",
      ],
      ["--access", "also print by which way each role reaches each relation"],
      ["--watch", "look every 5 s who copies data out, until Ctrl-C"],
    ],
    example:
      "PGPASSWORD=… sinetti posture --url postgres://reader@db.example.org/clinic --fail-on high",
    run,
  });
}

interface Looked {
  readonly target: PostureTarget;
  readonly report: PostureReport;
}

type Row = Finding & { readonly database: string; readonly state: string };

function targetsOf(words: Words): PostureTarget[] {
  const [url, data, file] = [words.text("url"), words.text("data"), words.text("policy")];
  if (url !== undefined && data !== undefined) throw new UsageError("--url or --data, not both");
  const policy = file === undefined ? null : readPolicyFile(file);
  if (url !== undefined) return [urlTarget(url, policy)];
  if (words.text("draftPolicy") !== undefined)
    throw new UsageError("--draft-policy goes with --url: this installation has its own policy");
  return ownTargets(data === undefined ? defaultData() : resolve(data), policy);
}

function readSeverity(text: string | undefined): Severity | undefined {
  const found = SEVERITIES.find((one) => one === text);
  if (text !== undefined && found === undefined)
    throw new UsageError(`--fail-on: one of ${SEVERITIES.join(", ")}`);
  return found;
}

async function run(shell: Shell, words: Words): Promise<Printed> {
  const failOn = readSeverity(words.text("failOn"));
  const stateFile = words.text("state");
  let state = stateFile === undefined ? undefined : readStateFile(stateFile);
  const targets = targetsOf(words);
  if (words.flag("watch")) return watch(shell, targets);
  const now = new Date();
  const looked: Looked[] = [];
  for (const target of targets) {
    const report = await withTarget(target, (sql) => checkPosture(sql, target.policy, { now }));
    looked.push({ target, report });
    state &&= advanceState(state, { database: target.name, now, ...report });
  }
  writeDraft(words.text("draftPolicy"), looked);
  const metricsFile = words.text("metricsFile");
  if (metricsFile !== undefined)
    await writeMetricsFile(metricsFile, postureMetrics(looked.map(lookedAt), now));
  if (stateFile !== undefined && state !== undefined) writeStateFile(stateFile, state);
  return printed(looked, { state, failOn, showsAccess: words.flag("access") });
}

const lookedAt = ({ target, report }: Looked) => ({
  database: target.name,
  findings: report.findings,
});

function writeDraft(path: string | undefined, looked: readonly Looked[]): void {
  const [first] = looked;
  if (path === undefined || first === undefined) return;
  try {
    writeFileSync(path, policyText(draftPolicy(first.report.snapshot)), { flag: "wx" });
  } catch (cause) {
    throw new InputError(path, "the draft cannot be written, or a file of this name is there", {
      cause,
    });
  }
}

function rowsOf({ target, report }: Looked, state: PostureState | undefined): Row[] {
  const known = state?.databases[target.name];
  return report.findings.map(
    ({ id, severity, object, title, why, mend, fingerprint, excepted }) => ({
      id,
      severity,
      object,
      title,
      why,
      mend,
      fingerprint,
      excepted,
      database: target.name,
      state: known?.[fingerprint]?.state ?? (excepted === null ? "open" : "excepted"),
    }),
  );
}

interface PrintOptions {
  readonly state: PostureState | undefined;
  readonly failOn: Severity | undefined;
  readonly showsAccess: boolean;
}

function printed(looked: readonly Looked[], { state, failOn, showsAccess }: PrintOptions): Printed {
  const findings = looked.flatMap((one) => rowsOf(one, state));
  const databases = looked.map(({ target, report }) => ({
    database: target.name,
    version: report.server.version,
    role: report.server.role,
    policy: target.policy === null ? "drafted" : "declared",
    unseen: report.unseen,
    notChecked: [...report.blind],
  }));
  const access = showsAccess
    ? looked.flatMap(({ target, report }) =>
        report.access.map((edge) => ({ database: target.name, ...edge })),
      )
    : [];
  const isFailed =
    failOn !== undefined &&
    findings.some(({ severity, excepted }) => excepted === null && isAtLeast(severity, failOn));
  return {
    json: { findings, databases, ...(showsAccess ? { access } : {}) },
    text: [
      ...databases.flatMap((one) => databaseLines(one, findings)),
      ...(showsAccess ? accessLines(access) : []),
    ].join("\n"),
    exit: isFailed ? EXIT.verification : EXIT.done,
  };
}

/** Names come from a database of somebody else: none may steer a terminal or begin a line of its own. */
const STEERING = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;
const plain = (text: string): string => text.replace(STEERING, "\uFFFD");

function onOneLine(row: Row): Row {
  const mend = row.mend.split("\n").map(plain).join("\n  ");
  return { ...row, object: plain(row.object), why: plain(row.why), mend };
}

type DatabaseRow = Pick<PostureReport, "unseen"> & {
  readonly database: string;
  readonly version: string;
  readonly role: string;
  readonly policy: string;
  readonly notChecked: readonly string[];
};

function databaseLines(one: DatabaseRow, all: readonly Row[]): string[] {
  const findings = all.filter(({ database }) => database === one.database).map(onOneLine);
  const open = findings.filter(({ excepted }) => excepted === null);
  const counts = SEVERITIES.toReversed().map(
    (severity) => `${open.filter((row) => row.severity === severity).length} ${severity}`,
  );
  const head = `${one.database}: PostgreSQL ${one.version}, as ${one.role}, policy ${one.policy}: ${counts.join(", ")}`;
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
  const blind = one.unseen.map(
    ({ object, allow }) =>
      `Not visible to ${one.role}: ${object}. Allow it: ${allow.replaceAll("ROLE", one.role)}`,
  );
  const missed =
    one.notChecked.length === 0 ? [] : [`Not or only partly checked: ${one.notChecked.join(", ")}`];
  return [head, ...(rows.length === 0 ? [] : [table(rows)]), ...mends, ...blind, ...missed];
}

function accessLines(
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

function eventLine({
  event,
  database,
  object,
  address,
  mend,
}: CopyEvent & { database: string }): string {
  const end = event === "begun" ? `; end it: ${mend}` : "";
  return `${new Date().toISOString()} ${event} ${database}: ${plain(object)} from ${address ?? "this machine"}${end}`;
}

async function watch(
  { output, interrupt }: Shell,
  targets: readonly PostureTarget[],
): Promise<Printed> {
  let events = 0;
  output.log(
    `Watching ${targets.map(({ name }) => name).join(", ")}; what takes less than 5 s may pass unseen.`,
  );
  const looks = await watchTargets(targets, {
    isOver: () => interrupt.isAsked,
    onEvent: (event) => {
      events += 1;
      output.print({ json: { at: new Date().toISOString(), ...event }, text: eventLine(event) });
    },
  });
  return { json: { looks, events }, text: `${looks} looks, ${events} events.` };
}
