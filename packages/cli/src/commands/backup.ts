import { existsSync } from "node:fs";
import { resolve } from "node:path";

import { generateHybridIdentity, identityToRecipient } from "age-encryption";
import type { Command } from "commander";

import { backUp } from "../backup/backUp.ts";
import { identityText, readRecipients } from "../backup/ageFile.ts";
import { BackupError } from "../backup/backupError.ts";
import { readNotes, type BackupNotes } from "../backup/backupNotes.ts";
import { isInside, isOnSameDisk } from "../backup/shelfPlace.ts";
import { UsageError } from "../inputError.ts";
import type { Printed } from "../output.ts";
import { programVersion } from "../programVersion.ts";
import { defaultData, type Shell } from "../shell.ts";
import { writeSecretFile } from "../start/secretFile.ts";
import { keepBackingUp, readKept, writeBackupMetrics } from "./backupEvery.ts";
import { addVerifyBackupCommand } from "./backupVerify.ts";
import { addCommand, needed, type Words } from "./command.ts";

/** `sinetti backup`, once or again and again, and `backup verify`. */
export function addBackupCommand(program: Command): void {
  const command = addCommand(program, {
    usage: "backup",
    summary:
      "Write everything that the services hold into a folder, encrypted; the system may run meanwhile. The gate's keys are not in it: sinetti gate backup",
    options: [
      ["--out <dir>", "the folder in which each backup gets a folder of its own"],
      [
        "--to <recipients...>",
        "age recipients (age1…, age1pq1…), remembered; without any, the first backup makes an identity and shows it once",
      ],
      ["--identity-out <file>", "where the new identity goes, instead of the screen"],
      ["--new-identity", "make a new identity, for this backup and the later ones"],
      [
        "--prune",
        "remove the backups in this folder whose 35 days are over, but for the newest three",
      ],
      ["--keep <number>", "keep so many of the newest, at least three; with --every 14"],
      ["--every <time>", "go on in the foreground, a backup so often: 24h; prunes"],
      [
        "--metrics-file <file>",
        "write numbers for Prometheus there, for a collector of text files (*.prom)",
      ],
      ["--same-disk", "with --every: the folder may be on the file system of the data"],
      ["--data <dir>", "data folder (SINETTI_DATA; .data in the repository)"],
    ],
    example: "sinetti backup --out /media/backups --every 24h",
    run: (shell, words) =>
      words.text("every") === undefined ? backup(shell, words) : keepBackingUp(shell, words),
  });
  addVerifyBackupCommand(command);
}

interface Chosen {
  readonly recipients: readonly string[];
  readonly identity: string | null;
}

async function chooseRecipients(words: Words, notes: BackupNotes): Promise<Chosen> {
  const named = words.list("to");
  if (named.length > 0) return { recipients: readRecipients(named), identity: null };
  if (notes.recipients.length > 0 && !words.flag("newIdentity"))
    return { recipients: notes.recipients, identity: null };
  const identity = await generateHybridIdentity();
  return { recipients: [await identityToRecipient(identity)], identity };
}

/** An identity beside what it opens protects nothing. */
function checkIdentityPlace(file: string | undefined, folders: readonly string[]): void {
  if (file === undefined) return;
  if (existsSync(file)) throw new UsageError("--identity-out: the file is there already");
  if (folders.some((folder) => isInside(file, folder)))
    throw new UsageError("--identity-out: not in the data folder, nor beside the backups");
}

function textOf(
  { folder, expires, sameDisk }: { folder: string; expires: string; sameDisk: boolean },
  { identity, file }: { identity: string | null; file: string | undefined },
): string {
  const lines = [
    `Backup: ${folder}`,
    `Keep it until ${expires.slice(0, 10)}; then remove it (--prune).`,
  ];
  if (sameDisk)
    lines.push("It lies on the file system of the data, and is lost with it: copy it elsewhere.");
  if (identity !== null && file === undefined)
    lines.push(
      "",
      "This identity opens it and all later ones. It is shown this once and kept nowhere: write it down, away from",
      "this machine and from the backups, or nobody can ever restore them.",
      "",
      identity,
    );
  if (identity !== null && file !== undefined)
    lines.push(
      `The identity that opens it: ${file}. Take it away from this machine and from the backups.`,
    );
  return lines.join("\n");
}

function readKeep(words: Words): { keep: number | null } | null {
  const keep = readKept(words);
  return keep === null && !words.flag("prune") ? null : { keep };
}

async function backup(shell: Shell, words: Words): Promise<Printed> {
  const started = performance.now();
  const shelf = resolve(needed(words, "out"));
  const data = resolve(words.text("data") ?? defaultData());
  if (isInside(shelf, data)) throw new UsageError("--out: not in the data folder");
  const file = words.text("identityOut");
  checkIdentityPlace(file, [data, shelf]);
  const notes = readNotes(data);
  const { recipients, identity } = await chooseRecipients(words, notes);
  if (recipients.some((each) => notes.gateRecipients.includes(each)))
    throw new BackupError("recipient-shared");
  const { folder, manifest, pruned } = await shell.output.progress((moved) =>
    backUp(data, {
      shelf,
      recipients,
      program: programVersion(),
      now: new Date(Date.now()),
      moved,
      pruning: readKeep(words),
      handOver: ({ publicKey }) => {
        if (identity === null || file === undefined) return;
        const text = identityText({ identity, recipient: recipients[0] ?? "", signer: publicKey });
        writeSecretFile(resolve(file), text.trimEnd());
      },
    }),
  );
  await writeBackupMetrics(words, data);
  const { backup: id, made, expires, signer, files } = manifest;
  const sameDisk = isOnSameDisk(shelf, data);
  return {
    json: {
      backup: folder,
      id,
      made,
      expires,
      files: files.map(({ service, bytes, sha256 }) => ({ service, bytes, sha256 })),
      bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
      recipients,
      signer,
      identity: file === undefined ? identity : null,
      identityFile: identity !== null && file !== undefined ? resolve(file) : null,
      pruned,
      sameDisk,
      seconds: Math.round(performance.now() - started) / 1000,
    },
    text: textOf({ folder, expires, sameDisk }, { identity, file }),
  };
}
