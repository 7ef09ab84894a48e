import {
  findEveryFile,
  holdsOn,
  placeHold,
  proposeUnhold,
  type Client,
  type Hold,
} from "@sinetti/client";
import { HOLD_REASONS, endWeekOf, type HoldId, type HoldState } from "@sinetti/core";
import type { Command } from "commander";

import { UsageError } from "../inputError.ts";
import { readComingDay, readId } from "../input/values.ts";
import { table, type Printed } from "../output.ts";
import { withClient } from "../session.ts";
import type { Shell } from "../shell.ts";
import { addCommand, argument, needed, type Words } from "./command.ts";
import { pendingText } from "./pendingText.ts";

const EXAMPLE = "0d9c1b7e5a3f48c2b6e1d4f70a92c853";

/** `sinetti hold`. */
export function addHoldCommands(program: Command): void {
  const group = program
    .command("hold")
    .description("Legal holds: while one stands, nobody erases the record");
  addCommand(group, {
    usage: "add <patient>",
    summary:
      "Hold a patient's records (or, as privacy officer, one by its id) until a day or until it is lifted",
    options: [
      ["--reason <reason>", HOLD_REASONS.join(", "), "required"],
      ["--until <date>", "YYYY-MM-DD, rounded up to a Monday; until it is lifted when left out"],
    ],
    example: `sinetti hold add ${EXAMPLE} --reason claim`,
    run: add,
  });
  addCommand(group, {
    usage: "list <patient>",
    summary: "List the holds that stand on a patient's records",
    example: `sinetti hold list ${EXAMPLE}`,
    run: (shell, words) => withClient(shell, (client) => list(client, argument(words, 0))),
  });
  addCommand(group, {
    usage: "lift <patient> [hold]",
    summary: "Ask to lift a hold, or all of a patient; a second person approves (sinetti approve)",
    example: `sinetti hold lift ${EXAMPLE}`,
    run: lift,
  });
}

function readReason(text: string): HoldState["reason"] {
  const found = HOLD_REASONS.find((reason) => reason === text);
  if (found === undefined) throw new UsageError(`--reason: one of ${HOLD_REASONS.join(", ")}`);
  return found;
}

async function add(shell: Shell, words: Words): Promise<Printed> {
  const reason = readReason(needed(words, "reason"));
  const day = words.text("until");
  const until = day === undefined ? null : endWeekOf(readComingDay(day));
  return withClient(shell, async (client) => {
    const holds: HoldId[] = [];
    const { files } = await findEveryFile(client, argument(words, 0));
    for (const { file } of files)
      holds.push(await placeHold(client.context, file, { reason, until }));
    return {
      json: { patient: argument(words, 0), reason, holds },
      text: `${holds.length} records are on hold now: nobody can erase them.`,
    };
  });
}

async function holdsOf(client: Client, patient: string): Promise<Hold[]> {
  const { files } = await findEveryFile(client, patient);
  return files.flatMap(({ access }) => holdsOn(client.context, access));
}

async function list(client: Client, patient: string): Promise<Printed> {
  const holds = await holdsOf(client, patient);
  const rows = holds.map(({ hold, reason, until, file, by }) => [
    hold,
    reason,
    until ?? "until it is lifted",
    `record ${file}`,
    `by ${by}`,
  ]);
  return { json: holds, text: rows.length === 0 ? "No hold stands." : table(rows) };
}

async function lift(shell: Shell, words: Words): Promise<Printed> {
  const named = words.args[1];
  const only = named === undefined ? null : readId<HoldId>(named, "hold");
  return withClient(shell, async (client) => {
    const found = (await holdsOf(client, argument(words, 0))).filter(
      ({ hold }) => only === null || hold === only,
    );
    const orders = [];
    for (const { file, hold } of found) {
      const given = await proposeUnhold(client.context, file, hold);
      if (given.state === "pending") orders.push({ hold, order: given.order, dueAt: given.dueAt });
    }
    const text = orders.map(({ order, dueAt }) => pendingText(order, dueAt)).join("\n");
    return { json: { orders }, text: text === "" ? "No hold stands." : text };
  });
}
