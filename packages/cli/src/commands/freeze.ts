import {
  ClientError,
  approveMany,
  askThaw,
  giveOrder,
  listPending,
  thawWithCode,
  type Client,
  type Given,
  type PendingOrder,
  type ThawAsked,
} from "@sinetti/client";
import type { FreezeState, Hash, MemberId, OrderId } from "@sinetti/core";
import type { Command } from "commander";

import { askYes } from "../askYes.ts";
import { UsageError } from "../inputError.ts";
import { readHash, readId } from "../input/values.ts";
import { table, type Printed } from "../output.ts";
import { readPassword } from "../password.ts";
import { withClient } from "../session.ts";
import type { Shell } from "../shell.ts";
import { addCommand, type Words } from "./command.ts";
import { pendingText } from "./pendingText.ts";

/** `sinetti freeze`, `thaw` and `approve`. */
export function addFreezeCommands(program: Command): void {
  addCommand(program, {
    usage: "freeze",
    summary: "Stop all openings at once: everybody's if you may, else your own; or one member's",
    options: [
      ["--member <member>", "this member alone"],
      ["--self", "yourself alone, also as privacy officer or administrator"],
      ["--practice", "the whole practice, also where a second person must approve it"],
    ],
    example: "sinetti freeze --member 4f1c9a0e2b7d43d8a1e6c5b09f3d7e21",
    run: freeze,
  });
  addCommand(program, {
    usage: "thaw [freeze]",
    summary:
      "Ask to end a freeze, the newest or a named one; another member approves, an hour passes",
    options: [
      ["--paper-code", "with the break-glass code from paper (asked, or SINETTI_PAPER_CODE)"],
    ],
    example: "sinetti thaw",
    run: thaw,
  });
  addCommand(program, {
    usage: "approve [order...]",
    summary: "Approve, as a second person, orders that wait; without an argument, list them",
    options: [
      ["--all", "every order that waits, of one kind"],
      ["--kind <kind>", "which kind --all means, such as member.add"],
      ["--yes", "you looked at each of them, and compared the words of newcomers"],
    ],
    example: "sinetti approve list",
    run: approve,
  });
}

type Freezes = [OrderId, FreezeState][];

function newestFirst(freezes: Readonly<Record<string, FreezeState>>): Freezes {
  return (Object.entries(freezes) as Freezes)
    .filter(([, { thawedSeq }]) => thawedSeq === null)
    .sort(([, a], [, b]) => b.seq - a.seq);
}

/** Null: the whole practice, for whoever may freeze it alone. */
function whomToFreeze({ member, roles }: Client, words: Words): MemberId | null {
  const named = words.text("member");
  if (named !== undefined) return readId<MemberId>(named, "--member");
  if (words.flag("self")) return member;
  const mayFreezeAll = roles.some((role) => role === "privacy" || role === "admin");
  return mayFreezeAll || words.flag("practice") ? null : member;
}

async function freeze(shell: Shell, words: Words): Promise<Printed> {
  return withClient(shell, async (client) => {
    const member = whomToFreeze(client, words);
    const given = await giveOrder(client.context, "freeze", { member });
    if (given.state === "pending") {
      const { order, dueAt } = given;
      return { json: { member, pending: order, dueAt }, text: pendingText(order, dueAt) };
    }
    const [made] = newestFirst(client.practice.freezes);
    const whom = member === null ? "The practice" : member === client.member ? "You" : member;
    return {
      json: { freeze: made?.[0] ?? null, member },
      text: `${whom}: frozen at all three services. To thaw: sinetti thaw`,
    };
  });
}

/** The freeze that is meant: the newest, or the named one. */
function findFreeze({ practice }: Client, named: string | undefined): OrderId {
  const live = newestFirst(practice.freezes);
  const id = named === undefined ? live[0]?.[0] : readId<OrderId>(named, "freeze");
  if (id === undefined || !live.some(([found]) => found === id))
    throw new ClientError("unknown-record", { detail: "no such freeze is in force" });
  return id;
}

async function thaw(shell: Shell, words: Words): Promise<Printed> {
  const variables = ["SINETTI_PAPER_CODE"];
  const ask = { prompt: "Break-glass code", variables, isNew: false };
  const code = words.flag("paperCode") ? await readPassword(ask) : null;
  return withClient(shell, async (client) => {
    const id = findFreeze(client, words.args[0]);
    const given =
      code === null
        ? await thawWithColleague(client, id)
        : { ...(await thawWithCode(client.context, { freeze: id, code })), waitedBefore: false };
    if (given.state === "done") return { json: { freeze: id, thawed: true }, text: "Thawed." };
    const { order, dueAt, waitedBefore } = given;
    const before = waitedBefore ? "You have asked already, and this order waits. " : "";
    return {
      json: { freeze: id, pending: order, dueAt, waitedBefore },
      text: `${before}${pendingText(order, dueAt)}`,
    };
  });
}

async function thawWithColleague(client: Client, id: OrderId): Promise<ThawAsked> {
  const live = newestFirst(client.practice.freezes);
  if (live.some(([, { member }]) => member === client.member))
    throw new ClientError("refused", { detail: "frozen-author" });
  return askThaw(client.context, id);
}

async function approve(shell: Shell, words: Words): Promise<Printed> {
  const [named] = words.args;
  if (words.flag("all")) return approveAll(shell, words);
  if (named === undefined || named === "list") return withClient(shell, list);
  const orders = words.args.map((text) => readHash(text, "order"));
  return withClient(shell, async ({ context }) =>
    approved(await approveMany(context, orders), orders),
  );
}

/** What waits when the command begins, page by page; what comes meanwhile nobody has looked at. */
async function approveAll(shell: Shell, words: Words): Promise<Printed> {
  const kind = words.text("kind");
  if (kind === undefined) throw new UsageError("--all needs --kind, such as --kind member.add");
  return withClient(shell, async ({ context }) => {
    const orders: Hash[] = [];
    const given: Given[] = [];
    for (;;) {
      const waiting = (await listPending(context)).filter(
        (each) => each.kind === kind && !orders.includes(each.order),
      );
      if (waiting.length === 0) break;
      shell.output.log(pendingTable(waiting));
      if (!(await askYes(`Approve these ${waiting.length}?`, { isGiven: words.flag("yes") })))
        break;
      orders.push(...waiting.map(({ order }) => order));
      given.push(...(await approveMany(context, orders.slice(given.length))));
    }
    return approved(given, orders);
  });
}

function approved(given: readonly Given[], orders: readonly Hash[]): Printed {
  const rows = given.map((each, index) => ({
    order: orders[index],
    state: each.state,
    dueAt: each.state === "pending" ? each.dueAt : null,
  }));
  const [only] = rows;
  const done = rows.filter(({ state }) => state === "done").length;
  const waiting = rows.length - done;
  const text = [
    ...(done > 0 || rows.length === 0 ? [`${done} approved and done.`] : []),
    ...(waiting > 0 ? [`${waiting} approved; they wait for their time.`] : []),
  ].join("\n");
  return { json: rows.length === 1 ? { ...only } : { approved: rows }, text };
}

async function list({ context }: Client): Promise<Printed> {
  const rows = await listPending(context);
  return { json: rows, text: pendingTable(rows) };
}

/** Who or what is approved with it, and who asks. */
function aboutText({
  newcomer,
  declared,
  aim,
}: Pick<PendingOrder, "newcomer" | "declared" | "aim">): string {
  const { asker, members, roles, facts } = aim;
  return [
    ...(newcomer === null ? [] : [`${newcomer.roles.join(",")} ${newcomer.words}`]),
    ...(declared === null ? [] : [`${declared.database} ${declared.policy}`]),
    ...members,
    ...(roles.length === 0 ? [] : [roles.join(",")]),
    ...facts.map(({ name, value }) => `${name}: ${value}`),
    ...(asker === null ? [] : [`asked by ${asker}`]),
  ].join("; ");
}

function pendingTable(rows: readonly PendingOrder[]): string {
  return table(
    rows.map(({ order, kind, approvals, dueAt, ...about }) => [
      order,
      kind,
      aboutText(about),
      `${approvals} approvals`,
      dueAt === null ? "" : `from ${new Date(dueAt * 1000).toISOString()}`,
    ]),
  );
}
