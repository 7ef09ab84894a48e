import { existsSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";

import type { Command } from "commander";

import { readIdentities } from "../backup/ageFile.ts";
import { BackupError } from "../backup/backupError.ts";
import { writeNotes } from "../backup/backupNotes.ts";
import { openSigner } from "../backup/backupSigner.ts";
import { openGateKeys } from "../backup/gateKeys.ts";
import { findBackup, type Manifest } from "../backup/manifest.ts";
import { verifyBackup } from "../backup/verifyBackup.ts";
import { EXIT } from "../failure.ts";
import { UsageError } from "../inputError.ts";
import { verifiedMetrics } from "../metrics/backupMetrics.ts";
import { writeMetricsFile } from "../metrics/metricsFile.ts";
import { table, type Printed } from "../output.ts";
import { defaultData, type Shell } from "../shell.ts";
import { addCommand, argument, needed, type Words } from "./command.ts";

/** `sinetti backup verify`. */
export function addVerifyBackupCommand(backup: Command): void {
  addCommand(backup, {
    usage: "verify <path>",
    summary:
      "Restore a backup into scratch databases, verify every chain and entry there, and remove them; best on another machine",
    options: [
      ["--identity <file>", "the age identity that opens the backup", "required"],
      ["--gate <file>", "the gate's keys too (sinetti gate backup)"],
      ["--gate-identity <file>", "the age identity that opens them"],
      [
        "--metrics-file <file>",
        "write numbers for Prometheus there, for a collector of text files (*.prom)",
      ],
      ["--scratch <dir>", "where the databases lie meanwhile; the system's temporary folder"],
    ],
    example: "sinetti backup verify /media/backups --identity identity.txt",
    run: verify,
  });
}

/** A file of a backup stands for the backup. */
function folderOf(path: string): string {
  const isFile = existsSync(path) && statSync(path).isFile();
  return isFile ? dirname(path) : path;
}

async function readGate(words: Words): Promise<Awaited<ReturnType<typeof openGateKeys>> | null> {
  const [file, identity] = [words.text("gate"), words.text("gateIdentity")];
  if (file === undefined && identity === undefined) return null;
  if (file === undefined || identity === undefined)
    throw new UsageError("--gate and --gate-identity go together");
  return openGateKeys(resolve(file), readIdentities(identity).identities);
}

/** On the machine whose backup it is, `status` tells of it. */
function note({ made, signer }: Manifest, { at, isSound }: { at: Date; isSound: boolean }): void {
  const data = defaultData();
  if (!existsSync(data) || !existsSync(`${data}/backup.key`)) return;
  if (openSigner(data).publicKey !== signer) return;
  writeNotes(data, { verified: { at: at.toISOString(), made, isSound } });
}

const DAY_MS = 86_400_000;

async function verify(shell: Shell, words: Words): Promise<Printed> {
  const started = performance.now();
  const found = findBackup(folderOf(resolve(argument(words, 0))));
  const { folder, manifest } = found;
  const { identities, signer } = readIdentities(needed(words, "identity"));
  if (signer !== null && signer !== manifest.signer) throw new BackupError("other-signer");
  const gateKeys = await readGate(words);
  const scratch = words.text("scratch");
  const total = manifest.files.reduce((sum, { bytes }) => sum + bytes, 0);
  let done = 0;
  const report = await shell.output.progress((show) =>
    verifyBackup(found, {
      identities,
      gateKeys,
      scratch: scratch === undefined ? undefined : resolve(scratch),
      moved: (bytes) => show(Math.min((done += bytes), total), total),
    }),
  );
  const { practices, chains, entries, statements, broken, hasGateKeys } = report;
  const now = new Date(Date.now());
  const isSound = broken.length === 0;
  note(manifest, { at: now, isSound });
  const metricsFile = words.text("metricsFile");
  if (metricsFile !== undefined)
    writeMetricsFile(
      metricsFile,
      await verifiedMetrics({ made: manifest.made, isSound }).metrics(),
    );
  const { backup, made, program } = manifest;
  const ageSeconds = Math.round((now.getTime() - Date.parse(made)) / 1000);
  const seconds = Math.round(performance.now() - started) / 1000;
  const counts = { practices, chains, entries, statements };
  const rows = broken.map(({ what, service, table: name, where, mend }) => [
    what,
    service,
    name,
    where,
    mend,
  ]);
  const days = Math.floor((ageSeconds * 1000) / DAY_MS);
  return {
    json: {
      backup: folder,
      id: backup,
      made,
      program,
      ageSeconds,
      bytes: total,
      ...counts,
      broken,
      hasGateKeys,
      seconds,
    },
    text: [
      `${isSound ? "Sound" : `Broken: ${broken.length}`}: ${folder}, ${days} days old. Restored and verified in ${seconds} s: ${practices} practices, ${chains} chains, ${entries} entries, ${statements} statements.`,
      ...(isSound ? [] : [table([["what", "service", "table", "where", "what to do"], ...rows])]),
      ...(hasGateKeys ? [] : ["The gate's keys were not tried: --gate FILE --gate-identity FILE."]),
    ].join("\n"),
    exit: isSound ? EXIT.done : EXIT.verification,
  };
}
