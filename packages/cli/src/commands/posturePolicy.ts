import {
  approveMany,
  keepPolicyFile,
  knownDirectory,
  proposePolicies,
  readPolicyProposals,
  type Client,
  type Given,
  type PolicyProposal,
} from "@sinetti/client";
import { SERVICES, type ServiceName } from "@sinetti/core";
import type { Command } from "commander";

import { askYes } from "../askYes.ts";
import { InputError, UsageError } from "../inputError.ts";
import type { Printed } from "../output.ts";
import {
  readDeclaredPolicy,
  shippedPolicy,
  type DeclaredPolicy,
} from "../posture/declaredPolicy.ts";
import { policyLines, policyRow, type PolicyRow } from "../posture/policyRows.ts";
import { withClient } from "../session.ts";
import type { Shell } from "../shell.ts";
import { addCommand, type Words } from "./command.ts";

const OPTIONS = [
  ["--file <file>", "the policy file; the one that comes with this program when left out"],
  ["--against <file>", "a copy of the approved file, to say what changed"],
] as const;

/** `sinetti posture policy`: by which declared policy our own databases are judged, and who approved it. */
export function addPosturePolicyCommands(posture: Command): void {
  const group = posture
    .command("policy")
    .description("The declared policies of our own databases: who approved them, and what changed");
  // Commander gives an option of `posture` to `posture`, wherever it stands.
  const alone =
    (run: typeof show): typeof show =>
    (shell, words) => {
      const [other] = Object.keys(posture.opts());
      if (other !== undefined) throw new UsageError(`--${other} means nothing here; see --help`);
      return run(shell, words);
    };
  addCommand(group, {
    usage: "show [databases...]",
    summary: `Show the policy of each database (${SERVICES.join(", ")}): its hash, what changed, who approved it and when`,
    options: OPTIONS,
    example: "sinetti posture policy show gate",
    run: alone(show),
  });
  addCommand(group, {
    usage: "propose [databases...]",
    summary: "Propose the policy files here to a privacy officer (administrator)",
    options: OPTIONS,
    example: "sinetti posture policy propose",
    run: alone(propose),
  });
  addCommand(group, {
    usage: "approve [databases...]",
    summary: "Approve what is proposed, where it is the very file here (privacy officer)",
    options: [...OPTIONS, ["--yes", "do not ask"]],
    example: "sinetti posture policy approve who --file vault.yaml",
    run: alone(approve),
  });
}

interface Wished {
  readonly database: ServiceName;
  readonly file: DeclaredPolicy;
}

function readWishes(words: Words): Wished[] {
  const isKnown = (name: string): name is ServiceName =>
    (SERVICES as readonly string[]).includes(name);
  const path = words.text("file");
  const named = [...new Set(words.args)];
  if (!named.every(isKnown)) throw new UsageError(`a database is one of ${SERVICES.join(", ")}`);
  if (path !== undefined && named.length === 0)
    throw new UsageError("--file: name the databases that it is for");
  const given = path === undefined ? undefined : readDeclaredPolicy(path);
  const chosen = named.length === 0 ? SERVICES : named;
  return chosen.map((database) => ({ database, file: given ?? shippedPolicy(database) }));
}

async function readRows(client: Client, words: Words, wishes: readonly Wished[]) {
  const path = words.text("against");
  const against = path === undefined ? null : readDeclaredPolicy(path);
  const proposals = await readPolicyProposals(client.context);
  const rows: PolicyRow[] = [];
  for (const wish of wishes) rows.push(await policyRow(client, wish, { proposals, against }));
  if (against !== null && !rows.some(({ approved }) => approved?.sha256 === against.sha256))
    throw new InputError(against.path, "this is no policy that the practice has approved");
  return rows;
}

async function linesOf(client: Client, rows: readonly PolicyRow[]): Promise<string[]> {
  const directory = await knownDirectory(client);
  return rows.flatMap((row) => policyLines(row, directory));
}

async function show(shell: Shell, words: Words): Promise<Printed> {
  const wishes = readWishes(words);
  return withClient(shell, async (client) => {
    const rows = await readRows(client, words, wishes);
    return { json: { policies: rows }, text: (await linesOf(client, rows)).join("\n") };
  });
}

const dueOf = (given: Given): number | null => (given.state === "pending" ? given.dueAt : null);

function waitText(dueAt: number | null): string {
  return dueAt === null
    ? "it waits for a privacy officer who did not propose it: sinetti posture policy approve"
    : `it waits until ${new Date(dueAt * 1000).toISOString()}, then: sinetti posture policy approve`;
}

/** Files stay on this device, for whoever asks what changed when the next one comes. */
async function keepFiles({ context }: Client, wishes: readonly Wished[]): Promise<void> {
  for (const { sha256: policy, bytes } of wishes.map(({ file }) => file))
    await keepPolicyFile(context, { policy, bytes });
}

async function propose(shell: Shell, words: Words): Promise<Printed> {
  const wishes = readWishes(words);
  return withClient(shell, async (client) => {
    const rows = await readRows(client, words, wishes);
    shell.output.log((await linesOf(client, rows)).join("\n"));
    const isWaiting = ({ file, proposals }: PolicyRow): boolean =>
      proposals.some(({ policy, isOvertaken }) => policy === file.sha256 && !isOvertaken);
    const open = rows.filter((row) => !row.isApproved && !isWaiting(row));
    await keepFiles(client, wishes);
    const given = await proposePolicies(
      client.context,
      open.map(({ database, file }) => ({ database, policy: file.sha256 })),
    );
    const proposed = open.map(({ database, file }, index) => {
      const one = given[index] ?? { state: "done" as const };
      const order = one.state === "pending" ? one.order : null;
      return { database, policy: file.sha256, order, state: one.state, dueAt: dueOf(one) };
    });
    const lines = proposed.map(({ database, policy, state, dueAt }) =>
      state === "done"
        ? `${database}: ${policy} is approved.`
        : `${database}: ${policy} is proposed; ${waitText(dueAt)}`,
    );
    const text = lines.length === 0 ? "All of them are approved or proposed already." : lines;
    return { json: { proposed }, text: [text].flat().join("\n") };
  });
}

/** What is proposed of exactly these files. Error: InputError where another file is. */
function matching(rows: readonly PolicyRow[]): PolicyProposal[] {
  return rows.flatMap(({ database, file, proposals }) => {
    const standing = proposals.filter(({ isOvertaken }) => !isOvertaken);
    const own = standing.filter(({ policy }) => policy === file.sha256);
    const [other] = standing;
    if (other !== undefined && own.length === 0)
      throw new InputError(file.path, "this is not the file that is proposed; give that one", {
        fields: [`${database}: proposed ${other.policy}, here ${file.sha256}`],
      });
    return own;
  });
}

async function approve(shell: Shell, words: Words): Promise<Printed> {
  const wishes = readWishes(words);
  return withClient(shell, async (client) => {
    const rows = await readRows(client, words, wishes);
    const chosen = matching(rows);
    if (chosen.length === 0) return { json: { approved: [] }, text: "No policy is proposed." };
    shell.output.log((await linesOf(client, rows)).join("\n"));
    if (!(await askYes(`Approve these ${chosen.length}?`, { isGiven: words.flag("yes") })))
      return { json: { approved: [] }, text: "Nothing was approved." };
    await keepFiles(client, wishes);
    const given = await approveMany(
      client.context,
      chosen.map(({ order }) => order),
    );
    const approved = chosen.map(({ database, policy, order }, index) => {
      const one = given[index] ?? { state: "done" as const };
      return { database, policy, order, state: one.state, dueAt: dueOf(one) };
    });
    const lines = approved.map(({ database, policy, state, dueAt }) =>
      state === "done"
        ? `${database}: ${policy} is approved.`
        : `${database}: your word is kept; ${waitText(dueAt)}`,
    );
    return { json: { approved }, text: lines.join("\n") };
  });
}
