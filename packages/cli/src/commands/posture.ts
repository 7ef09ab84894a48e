import { existsSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

import {
  SEVERITIES,
  advanceState,
  checkPosture,
  draftPolicy,
  policyText,
  type Finding,
  type PostureState,
  type Severity,
} from "@sinetti/posture";
import type { Command } from "commander";

import { InputError, UsageError } from "../inputError.ts";
import type { Printed } from "../output.ts";
import { breakGlassText } from "../posture/breakGlassText.ts";
import { readDeployment } from "../posture/deploymentLook.ts";
import { lookAt } from "../posture/lookAt.ts";
import { HOSTS, printed, printedEvents, rowsOf, type Looked } from "../posture/posturePrinted.ts";
import { STATE_FILE } from "../posture/postureSummary.ts";
import {
  ownTargets,
  readPolicyFile,
  urlTarget,
  withTarget,
  type PostureTarget,
} from "../posture/postureTarget.ts";
import { eventLine } from "../posture/postureText.ts";
import { EXCEPTIONS_FILE, readExceptions } from "../posture/signedExceptions.ts";
import { readStateFile, writeStateFile } from "../posture/stateFile.ts";
import { watchTargets } from "../posture/watchTargets.ts";
import { defaultData, type Shell } from "../shell.ts";
import { addCommand, type Words } from "./command.ts";
import { addPosturePolicyCommands } from "./posturePolicy.ts";

/** `sinetti posture`. */
export function addPostureCommand(program: Command): void {
  const command = addCommand(program, {
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
      ["--plan <file>", "the plan of hosts; deployment/plan.yaml of the data folder when left out"],
      ["--statements <dir>", "what its hosts have signed (sinetti check deployment)"],
      ["--ocsf", "print each finding as an OCSF event, class 2003, one a line"],
      ["--access", "also print by which way each role reaches each relation"],
      ["--watch", "look every 5 s who copies data out and who was let in for a time, until Ctrl-C"],
    ],
    example:
      "PGPASSWORD=… sinetti posture --url postgres://reader@db.example.org/clinic --fail-on high",
    run,
  });
  addPosturePolicyCommands(command);
}

/** What is looked at; without an address the databases of a data folder, with the exceptions that are signed there. */
interface Looking {
  readonly targets: readonly PostureTarget[];
  /** Null: a database of somebody else. */
  readonly folder: string | null;
}

function lookingOf(words: Words): Looking {
  const [url, data, file] = [words.text("url"), words.text("data"), words.text("policy")];
  if (url !== undefined && data !== undefined) throw new UsageError("--url or --data, not both");
  const policy = file === undefined ? null : readPolicyFile(file);
  if (url !== undefined) return { targets: [urlTarget(url, policy)], folder: null };
  if (words.text("draftPolicy") !== undefined)
    throw new UsageError("--draft-policy goes with --url: this installation has its own policy");
  const folder = data === undefined ? defaultData() : resolve(data);
  return { targets: ownTargets(folder, policy), folder };
}

function readSeverity(text: string | undefined): Severity | undefined {
  const found = SEVERITIES.find((one) => one === text);
  if (text !== undefined && found === undefined)
    throw new UsageError(`--fail-on: one of ${SEVERITIES.join(", ")}`);
  return found;
}

async function look({ targets, folder }: Looking, now: Date): Promise<Looked[]> {
  const exceptions = folder === null ? [] : readExceptions(join(folder, EXCEPTIONS_FILE));
  const looked: Looked[] = [];
  for (const target of targets)
    looked.push(
      folder === null
        ? {
            target,
            report: await withTarget(target, (sql) => checkPosture(sql, target.policy, { now })),
          }
        : await lookAt(target, { exceptions, now }),
    );
  return looked;
}

/** The history in a file; that of the running services where none is named. */
function stateOf({ folder }: Looking, file: string | undefined): PostureState | undefined {
  if (file !== undefined) return readStateFile(file);
  const own = folder === null ? undefined : join(folder, STATE_FILE);
  return own !== undefined && existsSync(own) ? readStateFile(own) : undefined;
}

function hostFindings({ folder }: Looking, words: Words, now: Date): readonly Finding[] | null {
  const [plan, statements] = [words.text("plan"), words.text("statements")];
  if (folder === null && plan === undefined) return null;
  if (folder === null && statements === undefined)
    throw new UsageError("--statements: the folder of what the hosts have signed");
  return readDeployment({ folder: folder ?? ".", plan, statements, now });
}

async function run(shell: Shell, words: Words): Promise<Printed> {
  const failOn = readSeverity(words.text("failOn"));
  const stateFile = words.text("state");
  const looking = lookingOf(words);
  let state = stateOf(looking, stateFile);
  if (words.flag("watch")) return watch(shell, looking.targets);
  const now = new Date();
  const looked = await look(looking, now);
  const hosts = hostFindings(looking, words, now);
  for (const { target, report } of looked)
    state &&= advanceState(state, { database: target.name, now, ...report });
  if (hosts !== null)
    state &&= advanceState(state, { database: HOSTS, findings: hosts, blind: new Set(), now });
  writeDraft(words.text("draftPolicy"), looked);
  if (stateFile !== undefined && state !== undefined) writeStateFile(stateFile, state);
  const rows = [
    ...looked.flatMap(({ target, report }) => rowsOf(target.name, report.findings, state)),
    ...rowsOf(HOSTS, hosts ?? [], state),
  ];
  if (words.flag("ocsf")) return printedEvents(rows, { state, failOn, now });
  return printed(looked, rows, {
    failOn,
    showsAccess: words.flag("access"),
    hasHosts: hosts !== null,
  });
}

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
    onBreakGlass: (event) => {
      events += 1;
      const at = new Date().toISOString();
      const { database, access } = event;
      const { role, state, note } = access;
      const text = `${at} ${event.event} ${breakGlassText(event, { database, isEnded: false })}`;
      output.print({ json: { at, event: event.event, database, role, state, ...note }, text });
    },
  });
  return { json: { looks, events }, text: `${looks} looks, ${events} events.` };
}
