import { networkInterfaces } from "node:os";
import { resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import type { SignKey } from "@sinetti/core/secret";
import {
  checkDeployment,
  findDeploymentFaults,
  resultText,
  type DeploymentPlan,
  type DeploymentStatement,
  type HostWord,
} from "@sinetti/posture";
import type { Command } from "commander";

import { EXIT } from "../failure.ts";
import { UsageError } from "../inputError.ts";
import { readInterval } from "../input/interval.ts";
import { table, type Printed } from "../output.ts";
import { makeHostKey, readHostKey } from "../posture/hostKey.ts";
import {
  newestWords,
  readPlanFile,
  readStatementFile,
  wordOf,
  writeStatement,
  type ReadPlan,
} from "../posture/hostStatement.ts";
import type { Shell } from "../shell.ts";
import { addCommand, needed, type Words } from "./command.ts";

const TIMEOUT_MS = 3000;
const LISTEN_MS = 250;
const CONFIG = [
  "--config <plan>",
  "the plan: hosts, services, who reaches what",
  "required",
] as const;

/** `sinetti check`: what a host can reach, and above all what it cannot. */
export function addCheckCommands(program: Command): void {
  const check = program
    .command("check")
    .description("Try from each host what it reaches and what it must not reach");
  addCommand(check, {
    usage: "deployment",
    summary: "Try every port, login and socket of a plan from this host, and sign what came of it",
    options: [
      CONFIG,
      ["--host <name>", "which host of the plan this is; found by its addresses when left out"],
      ["--key <file>", "this host's key, of `sinetti check key`"],
      ["--out <file>", "write the statement, for posture on another machine"],
      ["--timeout <time>", "how long a silent port is waited for (3s)"],
      ["--every <time>", "go on, so often: 15m, 1h, until Ctrl-C"],
    ],
    example: "sinetti check deployment --config plan.yaml --key host.key --out who.json --every 1h",
    run: checkHere,
  });
  addCommand(check, {
    usage: "statement <files...>",
    summary: "Verify what hosts have signed against the plan: signature, age, and what they found",
    options: [CONFIG],
    example: "sinetti check statement who.json what.json --config plan.yaml",
    run: (_shell, words) => Promise.resolve(verify(words)),
  });
  addCommand(check, {
    usage: "key",
    summary: "Make the key of this host; its public half goes into the plan",
    options: [["--out <file>", "file of the secret half", "required"]],
    example: "sinetti check key --out host.key",
    run: (_shell, words) => Promise.resolve(makeKey(words)),
  });
}

function makeKey(words: Words): Printed {
  const file = resolve(needed(words, "out"));
  const key = makeHostKey(file);
  return {
    json: { file, key },
    text: `${file}: the key of this host.\nInto the plan: key: ${key}`,
  };
}

/** Which host of the plan this machine is. */
function ownName(plan: DeploymentPlan, named: string | undefined): string {
  const names = Object.keys(plan.hosts);
  if (named !== undefined) {
    if (names.includes(named)) return named;
    throw new UsageError(`--host: one of ${names.join(", ")}`);
  }
  const own = new Set(
    Object.values(networkInterfaces()).flatMap((all) => (all ?? []).map(({ address }) => address)),
  );
  const found = names.filter((name) =>
    plan.hosts[name]?.addresses.some((address) => own.has(address)),
  );
  const [only] = found;
  if (only !== undefined && found.length === 1) return only;
  const why = found.length === 0 ? "has no address of the plan" : `could be ${found.join(" or ")}`;
  throw new UsageError(`this machine ${why}: name it by --host`);
}

interface Checked {
  readonly statement: DeploymentStatement;
  readonly wrong: DeploymentStatement["results"];
}

async function checkOnce(
  { plan, sha256 }: ReadPlan,
  host: string,
  timeoutMs: number,
): Promise<Checked> {
  const at = new Date().toISOString();
  const results = await checkDeployment(plan, host, { timeoutMs });
  const statement = { sinettiDeploymentStatement: 1 as const, plan: sha256, host, at, results };
  return { statement, wrong: results.filter(({ isRight }) => !isRight) };
}

interface Going {
  readonly timeoutMs: number;
  readonly everyMs: number | null;
  readonly key: SignKey | null;
  readonly out: string | undefined;
}

function readGoing(words: Words): Going {
  const [every, timeout, key, out] = ["every", "timeout", "key", "out"].map((name) =>
    words.text(name),
  );
  return {
    timeoutMs: timeout === undefined ? TIMEOUT_MS : readInterval(timeout, "--timeout"),
    everyMs: every === undefined ? null : readInterval(every, "--every"),
    key: key === undefined ? null : readHostKey(resolve(key)),
    out: out === undefined ? undefined : resolve(out),
  };
}

async function checkHere(shell: Shell, words: Words): Promise<Printed> {
  const read = readPlanFile(resolve(needed(words, "config")));
  const host = ownName(read.plan, words.text("host"));
  const { timeoutMs, everyMs, key, out } = readGoing(words);
  const { output, interrupt } = shell;
  for (;;) {
    const checked = await checkOnce(read, host, timeoutMs);
    if (out !== undefined) writeStatement(out, checked.statement, key);
    if (everyMs === null || interrupt.isAsked) return printed(checked, { read, out, key });
    for (const one of checked.wrong) output.alarm(`${host}: ${resultText(one)}`);
    output.log(
      `${checked.statement.at} ${checked.wrong.length} of ${checked.statement.results.length} wrong`,
    );
    // Not by the clock, which may be put back.
    const until = performance.now() + everyMs;
    while (performance.now() < until && !interrupt.isAsked)
      await sleep(Math.min(LISTEN_MS, everyMs));
    if (interrupt.isAsked) return printed(checked, { read, out, key });
  }
}

function printed(
  { statement, wrong }: Checked,
  { read, out, key }: { read: ReadPlan; out: string | undefined; key: SignKey | null },
): Printed {
  const { host, at, results } = statement;
  const word: HostWord = { host, statement, signature: "good", isOfPlan: true };
  const plan = { ...read.plan, hosts: { [host]: read.plan.hosts[host] } } as DeploymentPlan;
  const findings = findDeploymentFaults(plan, [word], { now: new Date(at) });
  const ports = results.filter(({ kind }) => kind === "port");
  const closed = ports.filter(({ expected, isRight }) => expected === "closed" && isRight);
  const ways = ["refused", "silent", "unreachable"].map(
    (way) => `${closed.filter(({ found }) => found === way).length} ${way}`,
  );
  const lines = [
    `${host}, ${at}: ${results.length} tried, ${wrong.length} wrong. Of other hosts ${closed.length} ports cannot be reached (${ways.join(", ")}).`,
    ...findings.map(({ object, mend }) => `WRONG ${object}\n  Mend: ${mend}`),
    ...(out === undefined
      ? []
      : [`${out}: ${key === null ? "not signed, since there is no --key" : "signed"}.`]),
  ];
  return {
    json: {
      host,
      at,
      tried: results.length,
      wrong: wrong.length,
      results,
      findings: findings.map(({ steps: _steps, ...finding }) => finding),
      ...(out === undefined ? {} : { out, signed: key !== null }),
    },
    text: lines.join("\n"),
    ...(wrong.length === 0 ? {} : { exit: EXIT.verification }),
  };
}

function verify(words: Words): Printed {
  const read = readPlanFile(resolve(needed(words, "config")));
  const now = new Date();
  const heard = words.args.map((file) => wordOf(readStatementFile(resolve(file)), read));
  const findings = findDeploymentFaults(read.plan, newestWords(heard, now), { now });
  const rows = heard.map(({ host, statement, signature }) => [
    host,
    signature === "good" ? "signed" : signature,
    statement?.at ?? "",
    `${statement?.results.filter(({ isRight }) => !isRight).length ?? 0} wrong of ${statement?.results.length ?? 0}`,
  ]);
  return {
    json: {
      statements: heard.map(({ host, statement, signature, isOfPlan }) => ({
        host,
        at: statement?.at,
        signature,
        isOfPlan,
      })),
      findings: findings.map(({ steps: _steps, ...finding }) => finding),
    },
    text: [table(rows), ...findings.map(({ severity, object }) => `${severity}  ${object}`)].join(
      "\n",
    ),
    ...(findings.some(({ severity }) => severity !== "medium") ? { exit: EXIT.verification } : {}),
  };
}
