import { createReadStream } from "node:fs";

import {
  addExportRequest,
  exportPatient,
  listExportRequests,
  verifyPackage,
  type ExportReport,
  type ExportWish,
  type Identities,
  type Recipients,
} from "@sinetti/client";
import { encodePaperCode, randomBytes } from "@sinetti/core";
import type { Exported, PrintLanguage } from "@sinetti/practice";
import type { Command } from "commander";

import { readIdentities, readRecipients } from "../backup/ageFile.ts";
import { EXIT } from "../failure.ts";
import { exportTools, startHash } from "../export/exportTools.ts";
import { writeSealedFile } from "../export/sealedFile.ts";
import { UsageError } from "../inputError.ts";
import { checkReadable } from "../input/readBytes.ts";
import { readDay } from "../input/values.ts";
import { readWithholdFile } from "../input/withholdFile.ts";
import { table, type Printed } from "../output.ts";
import { readPassword } from "../password.ts";
import { withClient } from "../session.ts";
import type { Shell } from "../shell.ts";
import { addCommand, argument, needed, type Words } from "./command.ts";
import { addExportPracticeCommand } from "./exportPractice.ts";

const EXAMPLE = "0d9c1b7e5a3f48c2b6e1d4f70a92c853";
const RECIPIENT = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p";
const REASONS: readonly Exported["reason"][] = [
  "access-request",
  "portability",
  "printing",
  "other",
];
const LANGUAGES: readonly PrintLanguage[] = ["en", "fi", "sv"];
/** Bytes of a passphrase that is read off a screen once. */
const PASSPHRASE_BYTES = 16;

/** `sinetti export`. */
export function addExportCommands(program: Command): void {
  const group = program.command("export").description("Give records out, sealed to their readers");
  addCommand(group, {
    usage: "patient <patient>",
    summary:
      "Give a patient's whole record out as one age file: for people, for machines, documents and log",
    options: [
      ["--to <recipients...>", "age recipients of who may open it (age1… or age1pq1…)"],
      ["--passphrase", "instead: seal it with a new passphrase, which is shown once"],
      ["--out <file>", "the file to write; none may be there", "required"],
      ["--language <language>", "en, fi or sv; the patient's where it is one of these"],
      ["--for <name>", "for whom, as the record will say; patient when left out"],
      ["--reason <reason>", `${REASONS.join(", ")}; access-request when left out`],
      ["--requested <date>", "YYYY-MM-DD on which it was asked for; it is due a month later"],
      [
        "--withhold <file>",
        'passages to leave out: {"passages":[{"entry","field","code","reason"}]}',
      ],
      [
        "--process-notes",
        "also your own process notes, labelled; nobody else's, and never by default",
      ],
    ],
    example: `sinetti export patient ${EXAMPLE} --to ${RECIPIENT} --out record.age`,
    run: patient,
  });
  addCommand(group, {
    usage: "verify <file>",
    summary: "Open a package and compare every file in it with its manifest",
    options: [
      ["--identity <file>", "age identities, as age-keygen writes them"],
      ["--passphrase", "it is sealed with a passphrase (asked, or SINETTI_PASSPHRASE)"],
    ],
    example: "sinetti export verify record.age --identity key.txt",
    run: verify,
  });
  addExportPracticeCommand(group);
  const requests = group
    .command("requests")
    .description("Copies that were asked for, and by when they are due");
  addCommand(requests, {
    usage: "add <patient>",
    summary: "Write down that a copy was asked for; it is due a month later",
    options: [
      ["--on <date>", "YYYY-MM-DD on which it was asked for", "required"],
      ["--by <name>", "who asked; patient when left out"],
    ],
    example: `sinetti export requests add ${EXAMPLE} --on 2026-11-20`,
    run: addRequest,
  });
  addCommand(requests, {
    usage: "list <patient>",
    summary: "List the requests for copies of a record, soonest due first",
    example: `sinetti export requests list ${EXAMPLE}`,
    run: listRequests,
  });
}

/** Whom a package is sealed to, and the passphrase to show when there is a new one. */
export function readTo(words: Words): { to: Recipients; passphrase: string | null } {
  const given = words.list("to");
  if (words.flag("passphrase") === given.length > 0)
    throw new UsageError("name who may open it: --to age1…, or --passphrase");
  if (given.length > 0) return { to: { recipients: readRecipients(given) }, passphrase: null };
  const passphrase = encodePaperCode(randomBytes(PASSPHRASE_BYTES));
  return { to: { passphrase }, passphrase };
}

function oneOf<T extends string>(
  known: readonly T[],
  { name, text }: { name: string; text: string | undefined },
): T | undefined {
  if (text === undefined) return undefined;
  const found = known.find((each) => each === text);
  if (found === undefined) throw new UsageError(`--${name}: one of ${known.join(", ")}`);
  return found;
}

function readRequested(text: string | undefined): string | undefined {
  if (text !== undefined) readDay(text, "requested");
  return text;
}

async function patient(shell: Shell, words: Words): Promise<Printed> {
  const { to, passphrase } = readTo(words);
  const withhold = words.text("withhold");
  const requestedOn = readRequested(words.text("requested"));
  const language = oneOf(LANGUAGES, { name: "language", text: words.text("language") });
  const wish: ExportWish = {
    to,
    forWhom: words.text("for") ?? "patient",
    reason: oneOf(REASONS, { name: "reason", text: words.text("reason") }) ?? "access-request",
    withhold: withhold === undefined ? [] : readWithholdFile(withhold),
    withProcessNotes: words.flag("processNotes"),
    ...(language !== undefined && { language }),
    ...(requestedOn !== undefined && { requestedOn }),
  };
  const written = await withClient(shell, (client) =>
    shell.output.progress((onProgress) =>
      writeSealedFile(needed(words, "out"), (write) =>
        exportPatient(client, argument(words, 0), {
          wish,
          tools: exportTools(shell, { write, onProgress }),
        }),
      ),
    ),
  );
  const { file, bytes, sha256, value } = written;
  const shown = passphrase === null ? {} : { passphrase };
  return {
    json: { file, bytes, sha256, ...value, ...shown },
    text: reportText({ file, bytes }, value, passphrase),
  };
}

function reportText(
  { file, bytes }: { file: string; bytes: number },
  { entries, documents, withheld, closed, dueOn }: ExportReport,
  passphrase: string | null,
): string {
  return [
    `${file}: ${bytes} bytes, ${entries} entries, ${documents} documents, ${withheld} passages withheld`,
    ...closed.map(({ compartment, outcome }) => `not in it: ${compartment} (${outcome})`),
    ...(dueOn === null ? [] : [`It was due on ${dueOn}.`]),
    ...(passphrase === null
      ? []
      : [`Passphrase, shown this once: ${passphrase}`, "Give it by another way than the file."]),
  ].join("\n");
}

async function verify(_shell: Shell, words: Words): Promise<Printed> {
  const path = argument(words, 0);
  const key = words.text("identity");
  if (words.flag("passphrase") === (key !== undefined))
    throw new UsageError("say how it opens: --identity FILE, or --passphrase");
  const by: Identities =
    key === undefined
      ? {
          passphrase: await readPassword({
            prompt: "Passphrase",
            variables: ["SINETTI_PASSPHRASE"],
            isNew: false,
          }),
        }
      : { identities: readIdentities(key).identities };
  checkReadable(path);
  const { manifest, parts } = await verifyPackage(() => readPieces(path), { by, startHash });
  return {
    json: { ...manifest, parts },
    text: [
      table(parts.map(({ name, sizeBytes }) => [name, String(sizeBytes)])),
      "Every file is as the manifest says.",
    ].join("\n"),
    exit: EXIT.done,
  };
}

async function* readPieces(path: string): AsyncGenerator<Uint8Array> {
  for await (const piece of createReadStream(path)) yield piece as Uint8Array;
}

async function addRequest(shell: Shell, words: Words): Promise<Printed> {
  const requestedOn = needed(words, "on");
  readDay(requestedOn, "on");
  const by = words.text("by") ?? "patient";
  return withClient(shell, async (client) => {
    const row = await addExportRequest(client, argument(words, 0), { requestedOn, by });
    return { json: row, text: `Asked on ${row.requestedOn}; due on ${row.dueOn}.` };
  });
}

async function listRequests(shell: Shell, words: Words): Promise<Printed> {
  return withClient(shell, async (client) => {
    const rows = await listExportRequests(client, argument(words, 0));
    const text = table(
      rows.map(({ requestedOn, dueOn, by, answeredAt }) => [
        `asked ${requestedOn}`,
        `due ${dueOn}`,
        by,
        answeredAt === null ? "waits" : `given out ${answeredAt}`,
      ]),
    );
    return { json: rows, text };
  });
}
