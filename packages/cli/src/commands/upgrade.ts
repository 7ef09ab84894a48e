import { dirname, resolve } from "node:path";

import type { Command } from "commander";

import { decryptFile, readIdentities, readRecipients } from "../backup/ageFile.ts";
import { openSigner } from "../backup/backupSigner.ts";
import { readParts } from "../backup/rowStream.ts";
import { InputError, UsageError } from "../inputError.ts";
import type { Printed } from "../output.ts";
import { asOwner } from "../serve/partOwner.ts";
import { readServeConfig } from "../serve/readServeConfig.ts";
import type { ServiceConfig } from "../serve/serveConfig.ts";
import type { Shell } from "../shell.ts";
import { knownMigrations } from "../upgrade/migrations.ts";
import { undoUpgrade } from "../upgrade/undoUpgrade.ts";
import { writeUpgradeBackup } from "../upgrade/upgradeBackup.ts";
import { upgradePart, type Upgraded } from "../upgrade/upgradePart.ts";
import { addCommand, needed, type Words } from "./command.ts";

/** `sinetti upgrade`. */
export function addUpgradeCommand(program: Command): void {
  addCommand(program, {
    usage: "upgrade",
    summary:
      "Bring the database of a part that does not run up to this version: backed up, migrated and compared in one piece, or as it was",
    options: [
      ["--config <file>", "the configuration that the part is served with", "required"],
      ["--out <dir>", "where the backup of it goes, away from the database"],
      ["--to <recipients...>", "age recipients that open the backup (age1…, age1pq1…)"],
      [
        "--undo <file>",
        "instead: put back what such a backup holds, while nothing was written since",
      ],
      ["--identity <file>", "with --undo: the age identity that opens it"],
    ],
    example: "sinetti upgrade --config /etc/sinetti/who.yaml --out /media/backups --to age1pq1…",
    run: upgrade,
  });
}

const SAID = {
  locked: "the database is this upgrade's alone",
  "backed-up": "backed up",
  migrated: "migrated",
  verified: "nothing is missing, nothing is changed",
  committed: "done",
} as const;

function textOf({ applied, backup, tables, rows }: Upgraded): string {
  if (applied.length === 0) return "The database is as this version needs it. Nothing was done.";
  return [
    `Upgraded: ${applied.join(", ")}. ${rows} rows of ${tables} tables are what they were.`,
    `The backup from before: ${backup}`,
  ].join("\n");
}

function readPart(words: Words): { file: string; config: ServiceConfig } {
  const file = resolve(needed(words, "config"));
  const config = readServeConfig(file);
  if (config.part === "app") throw new UsageError("--config: the app has no database");
  return { file, config };
}

async function undo(words: Words, path: string): Promise<Printed> {
  const { config } = readPart(words);
  const { part: service } = config;
  const { identities } = readIdentities(needed(words, "identity"));
  const parts = readParts(decryptFile(resolve(path), identities));
  const first = await parts.next();
  const header = first.done === true ? null : first.value;
  if (header?.type !== "header" || header.service !== service)
    throw new InputError(path, `this is no backup of ${service}`);
  const undone = await asOwner(config, (sql) =>
    undoUpgrade(sql, { service, migrations: knownMigrations(service), header, parts }),
  );
  const text = `As before the upgrade: ${undone.rows} rows of ${undone.tables} tables. Start the version that left it so.`;
  return { json: { service, ...undone }, text };
}

async function upgrade(shell: Shell, words: Words): Promise<Printed> {
  const undoing = words.text("undo");
  if (undoing !== undefined) return undo(words, undoing);
  const { file, config } = readPart(words);
  const { part: service, keys } = config;
  const recipients = readRecipients(words.list("to"));
  if (recipients.length === 0) throw new UsageError("--to: nobody could open the backup");
  const folder = resolve(needed(words, "out"));
  const shelf = { service, folder, recipients, serviceKeyFile: keys.service };
  const upgraded = await asOwner(config, (sql) =>
    upgradePart(sql, {
      service,
      migrations: knownMigrations(service),
      backUp: (tx) => {
        const backupKey = openSigner(dirname(file)).seed;
        return writeUpgradeBackup(tx, { ...shelf, backupKey, now: new Date() });
      },
      onStep: (step) => shell.output.log(`${service}: ${SAID[step]}`),
    }),
  );
  return { json: { service, ...upgraded }, text: textOf(upgraded) };
}
