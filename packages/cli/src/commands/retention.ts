import {
  ClientError,
  chooseRetentionClass,
  endCare,
  listRetention,
  readRetentionClass,
  recordDeath,
  refreshFacts,
  type Client,
  type RetentionRow,
} from "@sinetti/client";
import { RETENTION_CLASSES, type RetentionFacts } from "@sinetti/practice";
import type { Command } from "commander";

import { UsageError } from "../inputError.ts";
import { table, type Printed } from "../output.ts";
import { withClient } from "../session.ts";
import type { Shell } from "../shell.ts";
import { addCommand, argument, needed, type Words } from "./command.ts";

const EXAMPLE = "0d9c1b7e5a3f48c2b6e1d4f70a92c853";
const PARTIAL_DATE = /^\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?$/;

/** `sinetti retention`. */
export function addRetentionCommands(program: Command): void {
  const group = program
    .command("retention")
    .description("Until when records are kept, and whose time is over");
  addCommand(group, {
    usage: "classes",
    summary: "List the classes: how long records are kept, and which law or advice says so",
    example: "sinetti retention classes",
    run: () => Promise.resolve(classes()),
  });
  addCommand(group, {
    usage: "choose <class>",
    summary: "Choose the practice's class; for an administrator",
    example: "sinetti retention choose fi-703-2023",
    run: choose,
  });
  addCommand(group, {
    usage: "list",
    summary:
      "List your patients by the day from which their records may be erased; opens no record",
    options: [["--due", "only those whose time is over"]],
    example: "sinetti retention list --due",
    run: list,
  });
  addCommand(group, {
    usage: "end <patient>",
    summary: "Write down that care has ended",
    options: [["--on <date>", "YYYY-MM-DD, YYYY-MM or YYYY", "required"]],
    example: `sinetti retention end ${EXAMPLE} --on 2026-11-20`,
    run: (shell, words) => change(shell, words, endCare),
  });
  addCommand(group, {
    usage: "death <patient>",
    summary: "Write down that a patient has died",
    options: [["--on <date>", "YYYY-MM-DD, YYYY-MM or YYYY", "required"]],
    example: `sinetti retention death ${EXAMPLE} --on 2026-11-20`,
    run: (shell, words) => change(shell, words, recordDeath),
  });
  addCommand(group, {
    usage: "refresh <patient>",
    summary: "Read a patient's records for the dates that count; two openings",
    example: `sinetti retention refresh ${EXAMPLE}`,
    run: (shell, words) =>
      withClient(shell, async (client) =>
        factsText(argument(words, 0), await refreshFacts(client, argument(words, 0))),
      ),
  });
}

function classes(): Printed {
  const rows = RETENTION_CLASSES.map(({ id, basis, source, periods, minors }) => [
    id,
    [
      ...periods.map(({ after, years }) => `${years} years after ${after}`),
      ...(minors === undefined ? [] : [`minors ${minors.years} after ${minors.age}`]),
    ].join(", else "),
    basis,
    `${source.title}, ${source.place} (${source.asOf})`,
  ]);
  return { json: RETENTION_CLASSES, text: table(rows) };
}

async function choose(shell: Shell, words: Words): Promise<Printed> {
  return withClient(shell, async (client) => {
    const chosen = await chooseRetentionClass(client, argument(words, 0));
    return { json: { class: chosen.id }, text: `Records are kept by ${chosen.id} from now on.` };
  });
}

async function list(shell: Shell, words: Words): Promise<Printed> {
  return withClient(shell, async (client) => {
    const retentionClass = await readRetentionClass(client);
    if (retentionClass === null) throw new ClientError("refused", { detail: "no-retention-class" });
    const all = await listRetention(client, retentionClass);
    const isOver = ({ retention }: RetentionRow): boolean =>
      retention !== null && retention.state !== "kept";
    const rows = words.flag("due") ? all.filter(isOver) : all;
    return { json: { class: retentionClass.id, patients: rows }, text: table(rows.map(rowText)) };
  });
}

function rowText({ patient, name, retention, unknown }: RetentionRow): string[] {
  if (retention === null) return ["", unknown ?? "", "", name, patient];
  const { due, state, reason } = retention;
  const why = `${reason.years} years after ${reason.after} ${reason.from}`;
  return [due, state, reason.forMinor ? `${why}, a minor then` : why, name, patient];
}

async function change(
  shell: Shell,
  words: Words,
  write: (client: Client, patient: string, on: string) => Promise<RetentionFacts>,
): Promise<Printed> {
  const on = needed(words, "on");
  if (!PARTIAL_DATE.test(on)) throw new UsageError("--on: YYYY-MM-DD, YYYY-MM or YYYY");
  return withClient(shell, async (client) =>
    factsText(argument(words, 0), await write(client, argument(words, 0), on)),
  );
}

function factsText(patient: string, facts: RetentionFacts): Printed {
  const rows = Object.entries(facts).map(([name, value]) => [name, String(value)]);
  return { json: { patient, ...facts }, text: table(rows) };
}
