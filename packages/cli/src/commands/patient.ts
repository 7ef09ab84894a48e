import {
  addPatient,
  findPatientFiles,
  listPatients,
  lookUpPatients,
  openOne,
  readIdentity,
  readMeasures,
  readNotes,
  type Client,
  type PatientRow,
} from "@sinetti/client";
import { displayName, type PatientIdentity } from "@sinetti/practice";
import type { Command } from "commander";

import { UsageError } from "../inputError.ts";
import { readPersonFile } from "../input/personFile.ts";
import { table, type Printed } from "../output.ts";
import { withClient } from "../session.ts";
import type { Shell } from "../shell.ts";
import { addCommand, argument, needed, type Words } from "./command.ts";
import { noteRow } from "./noteRow.ts";

const LAST_NOTES = 3;

/** `sinetti patient`. */
export function addPatientCommands(program: Command): void {
  const group = program.command("patient").description("Patients");
  addCommand(group, {
    usage: "add",
    summary: "Register a patient from a file",
    options: [
      ["--file <person.json>", 'JSON: {"name", "code", "born", "phone", "email", …}', "required"],
    ],
    example: "sinetti patient add --file person.json",
    run: add,
  });
  addCommand(group, {
    usage: "list",
    summary: "List your patients",
    example: "sinetti patient list --json",
    run: (shell) => withClient(shell, list),
  });
  addCommand(group, {
    usage: "find",
    summary: "Find patients by exactly one field; metered by the gate",
    options: [
      ["--name <name>", "name, in any order and case"],
      ["--phone <phone>", "phone number"],
      ["--code <code>", "identity code"],
      ["--born <date>", "birth date, YYYY-MM-DD, together with --name"],
    ],
    example: 'sinetti patient find --name "Maija Korhonen" --born 1988-03-14',
    run: find,
  });
  addCommand(group, {
    usage: "show <patient>",
    summary: "Show who a patient is, and what the record holds",
    example: "sinetti patient show 0d9c1b7e5a3f48c2b6e1d4f70a92c853",
    run: (shell, words) => withClient(shell, (client) => show(client, argument(words, 0))),
  });
}

function printRows(rows: readonly PatientRow[]): Printed {
  return { json: rows, text: table(rows.map(({ patient, name }) => [patient, name])) };
}

async function list(client: Client): Promise<Printed> {
  const rows = await listPatients(client);
  const hint = client.roles.includes("therapist")
    ? "You have no patients yet."
    : "Only therapists have a list; find a patient by name, phone or code.";
  return rows.length === 0 ? { json: rows, text: hint } : printRows(rows);
}

async function add(shell: Shell, words: Words): Promise<Printed> {
  const person = readPersonFile(needed(words, "file"));
  return withClient(shell, async (client) => {
    const { patient, name } = await addPatient(client, person);
    return { json: { patient, name }, text: `${name}: ${patient}` };
  });
}

async function find(shell: Shell, words: Words): Promise<Printed> {
  const [name, phone, code, born] = ["name", "phone", "code", "born"].map((key) => words.text(key));
  const asks = [
    ...(name === undefined ? [] : [{ name, ...(born === undefined ? {} : { born }) }]),
    ...(phone === undefined ? [] : [{ phone }]),
    ...(code === undefined ? [] : [{ code }]),
  ];
  const [ask] = asks;
  if (ask === undefined || asks.length > 1 || (born !== undefined && name === undefined))
    throw new UsageError("Give one of --name, --phone or --code; --born goes with --name");
  return withClient(shell, async (client) => printRows(await lookUpPatients(client, ask)));
}

async function show(client: Client, id: string): Promise<Printed> {
  const { context } = client;
  const files = await findPatientFiles(client, id);
  const identity =
    files.identity === null
      ? null
      : readIdentity(context, await openOne(context, files.identity, "preparation"));
  const care = files.care === null ? null : await openOne(context, files.care, "preparation");
  const notes = care === null ? [] : readNotes(client, care);
  const measures = care === null ? [] : readMeasures(client, care);
  const counts =
    care === null
      ? null
      : {
          entries: care.links.reduce((sum, { body }) => sum + body.entries.length, 0),
          notes: notes.length,
          measures: measures.length,
        };
  const person = identity?.person;
  const name = person === undefined ? files.name : displayName(person);
  const last = notes.slice(-LAST_NOTES).toReversed().map(noteRow);
  return {
    json: {
      patient: files.identity?.file ?? files.care?.file ?? id,
      care: files.care?.file ?? null,
      name,
      person: person === undefined ? null : withoutFrame(person),
      contacts: identity?.contacts.length ?? 0,
      counts,
      lastNotes: last,
    },
    text: [
      name,
      ...personLines(person),
      counts === null
        ? "The care record is not yours to open."
        : `${counts.notes} notes, ${counts.measures} measures, ${counts.entries} entries in all`,
      table(last.map(({ entry, date, template, state }) => [date, template, state, entry])),
    ]
      .filter((line) => line !== "")
      .join("\n"),
  };
}

function withoutFrame(person: NonNullable<PatientIdentity["person"]>): Record<string, unknown> {
  const { v: _v, type: _type, at: _at, source: _source, ...rest } = person;
  return rest;
}

function personLines(person: PatientIdentity["person"]): string[] {
  if (person === undefined) return [];
  return [
    person.birthDate === undefined ? "" : `born ${person.birthDate}`,
    person.personalCode === undefined ? "" : `code ${person.personalCode.value}`,
    person.phones.map(({ value }) => value).join(", "),
    person.emails.join(", "),
  ];
}
