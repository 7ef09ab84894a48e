import { addMeasure, openCare, readMeasures, type Client, type ReadMeasure } from "@sinetti/client";
import { MEASURES, findMeasure, scoreAnswers, type CutoffSex } from "@sinetti/practice";
import type { Command } from "commander";

import { UsageError } from "../inputError.ts";
import { readAnswers } from "../input/values.ts";
import { table, type Printed } from "../output.ts";
import { withClient } from "../session.ts";
import type { Shell } from "../shell.ts";
import { addCommand, argument, needed, type Words } from "./command.ts";

const EXAMPLE_PATIENT = "0d9c1b7e5a3f48c2b6e1d4f70a92c853";

/** `sinetti measure`. */
export function addMeasureCommands(program: Command): void {
  const group = program.command("measure").description("Questionnaires and their scores");
  addCommand(group, {
    usage: "add <patient> <measure>",
    summary: `Score answers and keep them: ${MEASURES.map(({ id }) => id).join(", ")}`,
    options: [
      ["--answers <list>", "numbers in the order of the items: 0,1,2,…", "required"],
      ["--sex <sex>", "female or male, for AUDIT-C's cut-off"],
    ],
    example: `sinetti measure add ${EXAMPLE_PATIENT} phq-9 --answers 1,2,0,1,1,0,0,0,0`,
    run: add,
  });
  addCommand(group, {
    usage: "list <patient>",
    summary: "List the measures of a patient, oldest first",
    example: `sinetti measure list ${EXAMPLE_PATIENT}`,
    run: (shell, words) => withClient(shell, (client) => list(client, argument(words, 0))),
  });
}

function readSex(text: string | undefined): CutoffSex | undefined {
  if (text === undefined || text === "female" || text === "male") return text;
  throw new UsageError("--sex: female or male");
}

async function add(shell: Shell, words: Words): Promise<Printed> {
  const measure = findMeasure(argument(words, 1));
  if (measure === undefined)
    throw new UsageError(`measure: one of ${MEASURES.map(({ id }) => id).join(", ")}`);
  const answers = readAnswers(needed(words, "answers"));
  const sex = readSex(words.text("sex"));
  const options = sex === undefined ? {} : { sex };
  // Refused here already, before anything is opened for it.
  scoreAnswers(measure, answers, options);
  return withClient(shell, async (client) => {
    const care = await openCare(client, argument(words, 0));
    const made = await addMeasure(client, care, { measure: measure.id, answers, ...options });
    const { entry, score, band, alerts } = measureRow(made);
    const text = [`${measure.name}: ${score} (${band}), ${entry}`];
    if (alerts.length > 0) text.push(`Look at this now: ${alerts.join(", ")}`);
    return { json: { entry, score, band, alerts }, text: text.join("\n") };
  });
}

interface MeasureRow {
  readonly entry: string;
  readonly measure: string;
  readonly date: string;
  readonly score: number;
  readonly band: string;
  readonly alerts: readonly string[];
}

function measureRow({ entry, record }: ReadMeasure): MeasureRow {
  const { measure, date, total, band, alerts } = record;
  return { entry, measure, date, score: total, band, alerts };
}

async function list(client: Client, patient: string): Promise<Printed> {
  const rows = readMeasures(client, await openCare(client, patient)).map(measureRow);
  const text = table(
    rows.map(({ measure, date, score, band, alerts }) => [
      date,
      measure,
      String(score),
      band,
      alerts.join(","),
    ]),
  );
  return { json: rows, text };
}
