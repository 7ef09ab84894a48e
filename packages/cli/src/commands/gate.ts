import { existsSync, renameSync, rmSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

import { confirmClock, type Client } from "@sinetti/client";
import { identityToRecipient } from "age-encryption";
import type { Command } from "commander";

import { encryptFile, readIdentities, readRecipients } from "../backup/ageFile.ts";
import { BackupError } from "../backup/backupError.ts";
import { readNotes, writeNotes } from "../backup/backupNotes.ts";
import { gateKeysText, openGateKeys, readGateKeys } from "../backup/gateKeys.ts";
import { restoreGate } from "../backup/restoreGate.ts";
import { checkGatePlace } from "../backup/shelfPlace.ts";
import { UsageError } from "../inputError.ts";
import type { Printed } from "../output.ts";
import { withClient } from "../session.ts";
import { defaultData, type Shell } from "../shell.ts";
import { syncFolder } from "../start/syncFolder.ts";
import { addCommand, argument, needed, type Words } from "./command.ts";

/** `sinetti gate backup`, `gate restore` and `gate confirm-clock`. */
export function addGateCommands(program: Command): void {
  const gate = program
    .command("gate")
    .description("The gate: its keys written out and put back, its clock confirmed");
  addCommand(gate, {
    usage: "backup",
    summary:
      "Write the gate's keys into one encrypted file, for another person than who keeps the backups",
    options: [
      ["--out <file>", "the new file", "required"],
      ["--to <recipients...>", "age recipients (age1…, age1pq1…)", "required"],
      ["--data <dir>", "data folder (SINETTI_DATA; .data in the repository)"],
    ],
    example: "sinetti gate backup --out gate.age --to age1…",
    run: backupGate,
  });
  addCommand(gate, {
    usage: "restore <file>",
    summary:
      "Put the gate's keys back; with --rebuild, make its lost database anew from the vaults",
    options: [
      ["--identity <file>", "the age identity that opens the file", "required"],
      ["--rebuild", "the gate's database is lost: fill a new one with what the vaults hold"],
      ["--data <dir>", "data folder (SINETTI_DATA; .data in the repository)"],
    ],
    example: "sinetti gate restore gate.age --identity gate-identity.txt --rebuild",
    run: putBack,
  });
  addCommand(gate, {
    usage: "confirm-clock",
    summary:
      "After a jump of the gate's clock, and once you have looked at it: let it release again; it stands in the log",
    example: "sinetti gate confirm-clock",
    run: (shell) => withClient(shell, takeClock),
  });
}

async function takeClock({ context }: Client): Promise<Printed> {
  await confirmClock(context);
  return {
    json: { confirmed: true },
    text: "The gate takes its clock as it is now, and releases again.",
  };
}

function dataOf(words: Words): string {
  return resolve(words.text("data") ?? defaultData());
}

async function backupGate(_shell: Shell, words: Words): Promise<Printed> {
  const data = dataOf(words);
  const file = resolve(needed(words, "out"));
  if (existsSync(file)) throw new UsageError("--out: the file is there already");
  const recipients = readRecipients(words.list("to"));
  const notes = readNotes(data);
  checkGatePlace(file, { data, notes });
  if (notes.recipients.some((each) => recipients.includes(each)))
    throw new BackupError("recipient-shared");
  const keys = readGateKeys(join(data, "gate", "secrets"));
  const now = new Date(Date.now());
  const draft = `${file}.draft`;
  rmSync(draft, { force: true });
  const written = await encryptFile(draft, gateKeysText(keys, now), recipients);
  renameSync(draft, file);
  syncFolder(dirname(file));
  const gateFiles = [...new Set([...notes.gateFiles, file])];
  writeNotes(data, { gateRecipients: recipients, gateMade: now.toISOString(), gateFiles });
  return {
    json: { file, ...written, recipients },
    text: `The gate's keys: ${file}. Whoever holds it and its identity holds half of every record's key: keep it apart from the backups.`,
  };
}

async function putBack(_shell: Shell, words: Words): Promise<Printed> {
  const { identities } = readIdentities(needed(words, "identity"));
  const keys = await openGateKeys(resolve(argument(words, 0)), identities);
  const { data, isRebuilt, practices, caughtUp } = await restoreGate(dataOf(words), {
    keys,
    isRebuilt: words.flag("rebuild"),
  });
  const opened = await Promise.all(identities.map((identity) => identityToRecipient(identity)));
  writeNotes(data, { gateRecipients: opened });
  const text = isRebuilt
    ? `The gate is rebuilt from the vaults. It releases nothing until two of the staff resume it: sinetti resume. Canaries, approvals of openings and its log are lost: flag the canaries again.`
    : "The gate's keys are back.";
  return { json: { data, rebuilt: isRebuilt, practices, caughtUp }, text };
}
