import {
  approveOpenings,
  approveOpeningsWithCode,
  memberName,
  openDirectory,
  readApprovals,
  type Client,
} from "@sinetti/client";
import type { FileId, GATE_ROUTES, MemberId, Shaped } from "@sinetti/core";
import type { Command } from "commander";

import { UsageError } from "../inputError.ts";
import { readComingDay, readId } from "../input/values.ts";
import { table, type Printed } from "../output.ts";
import { readPassword } from "../password.ts";
import { withClient } from "../session.ts";
import type { Shell } from "../shell.ts";
import { addCommand, argument, needed, type Words } from "./command.ts";

type Approval = Shaped<(typeof GATE_ROUTES)["openingApprove"]["request"]>;

const EXAMPLE_MEMBER = "4f1c9a0e2b7d43d8a1e6c5b09f3d7e21";
const SCOPES: readonly Approval["scope"][] = ["all", "care", "identity", "files"];
const REASONS: readonly Approval["reason"][] = [
  "leave",
  "handover",
  "import",
  "export",
  "audit",
  "response",
  "patient-request",
];
const COUNT_MAX = 100_000;
const DAY_SECONDS = 86_400;

const OPTIONS = [
  ["--count <n>", "how many openings at most", "required"],
  ["--until <date>", "YYYY-MM-DD, its last day", "required"],
  ["--reason <reason>", REASONS.join(", "), "required"],
  ["--scope <scope>", `${SCOPES.join(", ")}; all when left out`],
  ["--files <ids...>", "the files, for the scope files"],
] as const;

/** `sinetti openings`. */
export function addOpeningsCommands(program: Command): void {
  const group = program
    .command("openings")
    .description("Consents to openings beyond a budget, of cold files, or for an export");
  addCommand(group, {
    usage: "request",
    summary: "Say what you need a consent for; prints the command that a colleague runs",
    options: OPTIONS,
    example: "sinetti openings request --count 200 --until 2026-12-01 --reason export",
    run: request,
  });
  addCommand(group, {
    usage: "approve [member]",
    summary:
      "Consent, as a second person, to openings by a colleague; it stands in the gate's log. With --paper-code: to your own, which alarms",
    options: [
      ...OPTIONS,
      [
        "--paper-code",
        "with the break-glass code from paper (asked, or SINETTI_PAPER_CODE): for four hours at most",
      ],
    ],
    example: `sinetti openings approve ${EXAMPLE_MEMBER} --count 200 --until 2026-12-01 --reason export`,
    run: approve,
  });
  addCommand(group, {
    usage: "list",
    summary: "List the live consents to your own openings, and what is left of them",
    example: "sinetti openings list",
    run: (shell) => withClient(shell, list),
  });
}

function oneOf<T extends string>(known: readonly T[], name: string, text: string): T {
  const found = known.find((each) => each === text);
  if (found === undefined) throw new UsageError(`--${name}: one of ${known.join(", ")}`);
  return found;
}

function readWish(words: Words): Omit<Approval, "subject"> {
  const text = needed(words, "count");
  const count = /^\d{1,6}$/.test(text) ? Number(text) : 0;
  if (count < 1 || count > COUNT_MAX) throw new UsageError(`--count: from 1 to ${COUNT_MAX}`);
  const scope = oneOf(SCOPES, "scope", words.text("scope") ?? "all");
  const files = words.list("files").map((id) => readId<FileId>(id, "--files"));
  if ((scope === "files") !== files.length > 0)
    throw new UsageError("--files goes with --scope files, and only with it");
  return {
    scope,
    files,
    count,
    until: readComingDay(needed(words, "until")) + DAY_SECONDS,
    reason: oneOf(REASONS, "reason", needed(words, "reason")),
  };
}

/** Until the end of a day as the command line takes it. */
function dayOf(until: number): string {
  return new Date((until - DAY_SECONDS) * 1000).toISOString().slice(0, 10);
}

/** The paper code opens for hours, a colleague for days. */
function endOf(until: number): string {
  return until % DAY_SECONDS === 0
    ? dayOf(until)
    : `${new Date(until * 1000).toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

async function request(shell: Shell, words: Words): Promise<Printed> {
  const { scope, files, count, until, reason } = readWish(words);
  return withClient(shell, ({ member }) => {
    const chosen =
      scope === "files" ? ` --scope files --files ${files.join(" ")}` : ` --scope ${scope}`;
    const command = `sinetti openings approve ${member} --count ${count} --until ${dayOf(until)} --reason ${reason}${chosen}`;
    const text = `A colleague reads this, compares the id with yours, and runs:\n  ${command}`;
    return Promise.resolve({ json: { member, scope, files, count, until, reason, command }, text });
  });
}

async function approve(shell: Shell, words: Words): Promise<Printed> {
  const wish = readWish(words);
  if (words.flag("paperCode")) {
    const ask = { prompt: "Break-glass code", variables: ["SINETTI_PAPER_CODE"], isNew: false };
    const code = await readPassword(ask);
    return withClient(shell, async ({ context, member }) => {
      const until = await approveOpeningsWithCode(context, { ...wish, code });
      return approved(member, { name: "yourself", wish: { ...wish, until } });
    });
  }
  const subject = readId<MemberId>(argument(words, 0), "member");
  return withClient(shell, async ({ context }) => {
    await approveOpenings(context, { ...wish, subject });
    const name = memberName(await openDirectory(context), subject);
    return approved(subject, { name: name ?? subject, wish });
  });
}

function approved(
  member: MemberId,
  { name, wish }: { name: string; wish: Omit<Approval, "subject"> },
): Printed {
  const { scope, count, until, reason } = wish;
  return {
    json: { member, ...wish },
    text: `Approved for ${name}: ${count} openings (${scope}, ${reason}) until ${endOf(until)}. It stands in the gate's log.`,
  };
}

async function list({ context }: Client): Promise<Printed> {
  const rows = await readApprovals(context);
  const text = table(
    rows.map(({ scope, left, until, reason }) => [
      scope,
      `${left} left`,
      reason,
      `until ${new Date(until * 1000).toISOString()}`,
    ]),
  );
  return { json: rows, text };
}
