import { existsSync } from "node:fs";
import { isAbsolute, relative, resolve } from "node:path";

import { generateHybridIdentity, identityToRecipient } from "age-encryption";
import type { Command } from "commander";

import { identityText, readRecipients } from "../backup/ageFile.ts";
import { BackupError } from "../backup/backupError.ts";
import { readNotes, writeNotes, type BackupNotes } from "../backup/backupNotes.ts";
import { openSigner } from "../backup/backupSigner.ts";
import { makeBackup } from "../backup/makeBackup.ts";
import { openData } from "../backup/openData.ts";
import { pruneBackups } from "../backup/pruneBackups.ts";
import { UsageError } from "../inputError.ts";
import type { Printed } from "../output.ts";
import { defaultData, type Shell } from "../shell.ts";
import { writeSecretFile } from "../start/secretFile.ts";
import { addCommand, needed, type Words } from "./command.ts";
import { programVersion } from "./status.ts";

/** `sinetti backup`. */
export function addBackupCommand(program: Command): void {
  addCommand(program, {
    usage: "backup",
    summary:
      "Write everything that the services hold into a folder, encrypted; the system may run meanwhile. The gate's keys are not in it: sinetti gate backup",
    options: [
      ["--out <dir>", "the folder in which the backup gets a folder of its own", "required"],
      [
        "--to <recipients...>",
        "age recipients (age1…, age1pq1…), remembered; without any, the first backup makes an identity and shows it once",
      ],
      ["--identity-out <file>", "where the new identity goes, instead of the screen"],
      ["--new-identity", "make a new identity, for this backup and the later ones"],
      ["--prune", "remove the backups in this folder whose 35 days are over"],
      ["--data <dir>", "data folder (SINETTI_DATA; .data in the repository)"],
    ],
    example: "sinetti backup --out /media/backups",
    run: backup,
  });
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

const isInside = (path: string, folder: string): boolean => {
  const way = relative(resolve(folder), resolve(path));
  return way === "" || (!way.startsWith("..") && !isAbsolute(way));
};

/** An identity beside what it opens protects nothing. */
function checkIdentityPlace(file: string | undefined, folders: readonly string[]): void {
  if (file === undefined) return;
  if (existsSync(file)) throw new UsageError("--identity-out: the file is there already");
  if (folders.some((folder) => isInside(file, folder)))
    throw new UsageError("--identity-out: not in the data folder, nor beside the backups");
}

function textOf(
  { folder, expires }: { folder: string; expires: string },
  { identity, file }: { identity: string | null; file: string | undefined },
): string {
  const lines = [
    `Backup: ${folder}`,
    `Keep it until ${expires.slice(0, 10)}; then remove it (--prune).`,
  ];
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
  const open = await openData(data);
  try {
    const now = new Date();
    const signer = openSigner(open.data);
    const made = await shell.output.progress((moved) =>
      makeBackup(open, { shelf, recipients, signer, program: programVersion(), now, moved }),
    );
    const { folder, manifest } = made;
    if (identity !== null && file !== undefined) {
      const recipient = recipients[0] ?? "";
      const text = identityText({ identity, recipient, signer: signer.publicKey });
      writeSecretFile(resolve(file), text.trimEnd());
    }
    // Last: recipients whose identity nobody was handed must not be remembered.
    writeNotes(open.data, { recipients, last: { made: manifest.made, folder } });
    const pruned = words.flag("prune") ? pruneBackups(shelf, now) : [];
    const seconds = Math.round(performance.now() - started) / 1000;
    const { backup: id, expires, signer: signedBy, files } = manifest;
    return {
      json: {
        backup: folder,
        id,
        made: manifest.made,
        expires,
        files: files.map(({ service, bytes, sha256 }) => ({ service, bytes, sha256 })),
        bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
        recipients,
        signer: signedBy,
        identity: file === undefined ? identity : null,
        identityFile: identity !== null && file !== undefined ? resolve(file) : null,
        pruned,
        seconds,
      },
      text: textOf({ folder, expires }, { identity, file }),
    };
  } finally {
    await open.close();
  }
}
