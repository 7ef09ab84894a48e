import { ClientError, approvePending, giveOrder, listPending, type Client } from "@sinetti/client";
import type { FreezeState, MemberId, OrderId } from "@sinetti/core";
import type { Command } from "commander";

import { readHash, readId } from "../input/values.ts";
import { table, type Printed } from "../output.ts";
import { withClient } from "../session.ts";
import type { Shell } from "../shell.ts";
import { addCommand, argument, type Words } from "./command.ts";
import { pendingText } from "./pendingText.ts";

/** `sinetti freeze`, `thaw` and `approve`. */
export function addFreezeCommands(program: Command): void {
  addCommand(program, {
    usage: "freeze",
    summary: "Stop all openings at once: your own, a member's, or with --practice everybody's",
    options: [
      ["--member <member>", "whom; yourself when left out"],
      ["--practice", "the whole practice"],
    ],
    example: "sinetti freeze --member 4f1c9a0e2b7d43d8a1e6c5b09f3d7e21",
    run: freeze,
  });
  addCommand(program, {
    usage: "thaw [freeze]",
    summary:
      "Ask to end a freeze, the newest or a named one; another member approves, an hour passes",
    example: "sinetti thaw",
    run: (shell, words) => withClient(shell, (client) => thaw(client, words.args[0])),
  });
  addCommand(program, {
    usage: "approve [order]",
    summary: "Approve, as a second person, an order that waits; without an argument, list them",
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

async function freeze(shell: Shell, words: Words): Promise<Printed> {
  const named = words.text("member");
  return withClient(shell, async (client) => {
    const member = words.flag("practice")
      ? null
      : named === undefined
        ? client.member
        : readId<MemberId>(named, "--member");
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

async function thaw(client: Client, named: string | undefined): Promise<Printed> {
  const live = newestFirst(client.practice.freezes);
  const id = named === undefined ? live[0]?.[0] : readId<OrderId>(named, "freeze");
  if (!live.some(([found]) => found === id) || id === undefined)
    throw new ClientError("unknown-record", { detail: "no such freeze is in force" });
  if (live.some(([, { member }]) => member === client.member))
    throw new ClientError("refused", { detail: "frozen-author" });
  const given = await giveOrder(client.context, "thaw", { freeze: id });
  if (given.state === "done") return { json: { freeze: id, thawed: true }, text: "Thawed." };
  const { order, dueAt } = given;
  return { json: { freeze: id, pending: order, dueAt }, text: pendingText(order, dueAt) };
}

async function approve(shell: Shell, words: Words): Promise<Printed> {
  const [named] = words.args;
  if (named === undefined || named === "list") return withClient(shell, list);
  const order = readHash(argument(words, 0), "order");
  return withClient(shell, async ({ context }) => {
    const given = await approvePending(context, order);
    const dueAt = given.state === "pending" ? given.dueAt : null;
    return {
      json: { order, state: given.state, dueAt },
      text: given.state === "done" ? "Approved and done." : "Approved; it waits for its time.",
    };
  });
}

async function list({ context }: Client): Promise<Printed> {
  const rows = await listPending(context);
  const text = table(
    rows.map(({ order, kind, approvals, dueAt }) => [
      order,
      kind,
      `${approvals} approvals`,
      dueAt === null ? "" : `from ${new Date(dueAt * 1000).toISOString()}`,
    ]),
  );
  return { json: rows, text };
}
