import { addAmendment, addNote, findNote, openCare, readNotes, type Client } from "@sinetti/client";
import { formOf, type NoteContent, type NoteHistory } from "@sinetti/practice";
import type { Command } from "commander";

import { UsageError } from "../inputError.ts";
import { readNoteFile } from "../input/noteFile.ts";
import { table, type Printed } from "../output.ts";
import { withClient } from "../session.ts";
import type { Shell } from "../shell.ts";
import { addCommand, argument, needed, type Words } from "./command.ts";
import { noteRow } from "./noteRow.ts";

const FILE =
  'JSON: {"sections": {"subjective": "…"}, "session": {"date", "minutes", "attendance", "modality"}}';
const EXAMPLE_PATIENT = "0d9c1b7e5a3f48c2b6e1d4f70a92c853";
const EXAMPLE_ENTRY = "6a2f8e1c4b7d4935a0c3e5f7182d9b64";

/** `sinetti note`. */
export function addNoteCommands(program: Command): void {
  const group = program.command("note").description("Notes on sessions");
  addCommand(group, {
    usage: "add <patient>",
    summary: "Sign a note and lock it in the patient's record",
    options: [
      ["--template <template>", "soap, dap, birp, narrative, …", "required"],
      ["--file <note.json>", FILE, "required"],
    ],
    example: `sinetti note add ${EXAMPLE_PATIENT} --template soap --file note.json`,
    run: add,
  });
  addCommand(group, {
    usage: "list <patient>",
    summary: "List the notes of a patient",
    example: `sinetti note list ${EXAMPLE_PATIENT}`,
    run: (shell, words) => withClient(shell, (client) => list(client, argument(words, 0))),
  });
  addCommand(group, {
    usage: "show <patient> <entry>",
    summary: "Show a note with all that was corrected in it",
    example: `sinetti note show ${EXAMPLE_PATIENT} ${EXAMPLE_ENTRY}`,
    run: (shell, words) => withClient(shell, (client) => show(client, words)),
  });
  addCommand(group, {
    usage: "amend <patient> <entry>",
    summary: "Correct a signed note; the original stays readable",
    options: [
      ["--file <note.json>", "the whole note as it should be", "required"],
      ["--reason <text>", "why; kept, sealed, with the correction", "required"],
      ["--template <template>", "the original's when left out"],
    ],
    example: `sinetti note amend ${EXAMPLE_PATIENT} ${EXAMPLE_ENTRY} --file note.json --reason "wrong date"`,
    run: amend,
  });
}

/** Today where this machine is; Swedish writes dates as ISO 8601 does. */
function today(): string {
  return new Date().toLocaleDateString("sv-SE");
}

async function add(shell: Shell, words: Words): Promise<Printed> {
  const template = needed(words, "template");
  const content = readNoteFile(needed(words, "file"), { template, today: today() });
  return withClient(shell, async (client) => {
    const entry = await addNote(client, await openCare(client, argument(words, 0)), content);
    return { json: { entry }, text: `The note is signed: ${entry}` };
  });
}

async function list(client: Client, patient: string): Promise<Printed> {
  const rows = readNotes(client, await openCare(client, patient)).map(noteRow);
  const text = table(
    rows.map(({ entry, date, template, state }) => [date, template, state, entry]),
  );
  return { json: rows, text };
}

async function show(client: Client, words: Words): Promise<Printed> {
  const care = await openCare(client, argument(words, 0));
  const note = findNote(client, care, argument(words, 1));
  const { original, amendments, current } = note;
  return {
    json: {
      ...noteRow(note),
      ...contentOf(current),
      original: contentOf(original),
      amendments: amendments.map(({ entry, amendment }) => ({
        entry,
        at: amendment.at,
        author: amendment.author,
        reason: amendment.reason,
        ...contentOf(amendment),
      })),
    },
    text: noteText(note),
  };
}

function contentOf({ template, session, sections, objectives }: NoteContent): NoteContent {
  return { template, session, sections, objectives };
}

function noteText({ original, amendments, state, current }: NoteHistory): string {
  const { session, template, sections } = current;
  const form = formOf(current);
  const label = (id: string): string =>
    form?.sections.find((section) => section.id === id)?.label.en ?? id;
  return [
    `${template}, session of ${session.date}, ${session.minutes} min, ${session.attendance}, ${session.modality}`,
    `signed ${original.at} by ${original.author}; ${state}`,
    ...sections.map(({ id, text }) => `\n${label(id)}\n${text}`),
    ...amendments.map(({ amendment }) => `\ncorrected ${amendment.at}: ${amendment.reason}`),
  ].join("\n");
}

async function amend(shell: Shell, words: Words): Promise<Printed> {
  const [reason, file] = [needed(words, "reason"), needed(words, "file")];
  if (reason.trim() === "") throw new UsageError("--reason says nothing");
  return withClient(shell, async (client) => {
    const care = await openCare(client, argument(words, 0));
    const note = findNote(client, care, argument(words, 1));
    const template = words.text("template") ?? note.current.template;
    const content = readNoteFile(file, { template, today: note.current.session.date });
    const entry = await addAmendment(client, care, { entry: note.entry, content, reason });
    return { json: { entry, amends: note.entry }, text: `The correction is signed: ${entry}` };
  });
}
