import { dirname, resolve } from "node:path";

import type { Command } from "commander";

import { readRecipients } from "../backup/ageFile.ts";
import { openSigner } from "../backup/backupSigner.ts";
import { UsageError } from "../inputError.ts";
import type { Printed } from "../output.ts";
import { connectPart } from "../serve/partConnection.ts";
import { readServeConfig } from "../serve/readServeConfig.ts";
import { withServeErrors } from "../serve/serviceSafety.ts";
import type { Shell } from "../shell.ts";
import { knownMigrations } from "../upgrade/migrations.ts";
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
      ["--out <dir>", "where the backup of it goes, away from the database", "required"],
      ["--to <recipients...>", "age recipients that open the backup (age1…, age1pq1…)", "required"],
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

async function upgrade(shell: Shell, words: Words): Promise<Printed> {
  const file = resolve(needed(words, "config"));
  const config = readServeConfig(file);
  if (config.part === "app") throw new UsageError("--config: the app has no database");
  const { part: service, database, keys } = config;
  const recipients = readRecipients(words.list("to"));
  const shelf = resolve(needed(words, "out"));
  const pool = connectPart(database, "owner", { application: "sinetti upgrade" });
  const sql = await withServeErrors(() => pool.reserve());
  try {
    const upgraded = await upgradePart(sql, {
      service,
      migrations: knownMigrations(service),
      backUp: (tx) =>
        writeUpgradeBackup(tx, {
          service,
          folder: shelf,
          recipients,
          serviceKeyFile: keys.service,
          backupKey: openSigner(dirname(file)).seed,
          now: new Date(),
        }),
      onStep: (step) => shell.output.log(`${service}: ${SAID[step]}`),
    });
    return { json: { service, ...upgraded }, text: textOf(upgraded) };
  } finally {
    sql.release();
    await pool.end({ timeout: 5 });
  }
}
