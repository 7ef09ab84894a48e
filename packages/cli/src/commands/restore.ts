import { join, resolve } from "node:path";

import { identityToRecipient } from "age-encryption";
import type { Command } from "commander";

import { readIdentities } from "../backup/ageFile.ts";
import { BackupError } from "../backup/backupError.ts";
import { writeNotes } from "../backup/backupNotes.ts";
import { openGateKeys } from "../backup/gateKeys.ts";
import { findBackup, verifyFiles, type Manifest } from "../backup/manifest.ts";
import type { RestoreOptions } from "../backup/restoreRun.ts";
import { restoreServices, type Restored } from "../backup/restoreServices.ts";
import { UsageError } from "../inputError.ts";
import type { Printed } from "../output.ts";
import { defaultData, type Shell } from "../shell.ts";
import { SERVICE_NAMES, type ServiceName } from "../start/compartment.ts";
import { addCommand, argument, needed, type Words } from "./command.ts";
import { addRestorePartCommands } from "./restorePart.ts";

/** `sinetti restore`, of a data folder or of one part on its own host. */
export function addRestoreCommand(program: Command): void {
  const command = addCommand(program, {
    usage: "restore <dir>",
    summary:
      "Put a backup into a new data folder, or one lost service into an old one; it starts still, until two of the staff resume it (sinetti resume)",
    options: [
      ["--identity <file>", "the age identity that opens the backup"],
      ["--gate <file>", "the gate's keys (sinetti gate backup); they can also come later"],
      ["--gate-identity <file>", "the age identity that opens them"],
      ["--data <dir>", "data folder (SINETTI_DATA; .data in the repository)"],
      ["--only <services...>", "only who, what or gate, into a data folder that has the others"],
    ],
    example:
      "sinetti restore /media/backups --identity identity.txt --gate gate.age --gate-identity gate-identity.txt --data ./practice-data",
    run: restore,
  });
  addRestorePartCommands(command);
}

function readServices(words: Words): ServiceName[] {
  const named = words.list("only");
  const services = SERVICE_NAMES.filter((name) => named.length === 0 || named.includes(name));
  const isKnown = named.every((name) => SERVICE_NAMES.some((service) => service === name));
  if (!isKnown) throw new UsageError("--only: who, what or gate");
  return services;
}

interface Gate {
  readonly keys: RestoreOptions["gateKeys"];
  /** Who opens them, so that no backup is ever made for the same one. */
  readonly recipients: readonly string[];
}

async function readGate(words: Words): Promise<Gate> {
  const path = words.text("gate");
  const identity = words.text("gateIdentity");
  if (path === undefined && identity === undefined) return { keys: null, recipients: [] };
  if (path === undefined || identity === undefined)
    throw new UsageError("--gate and --gate-identity go together");
  const { identities } = readIdentities(identity);
  const keys = await openGateKeys(path, identities);
  return {
    keys,
    recipients: await Promise.all(identities.map((each) => identityToRecipient(each))),
  };
}

function sourcesOf(
  services: readonly ServiceName[],
  { folder, manifest, identities }: { folder: string; manifest: Manifest; identities: string[] },
): RestoreOptions["sources"] {
  const { backup } = manifest;
  return Object.fromEntries(
    services.map((name) => [name, { path: join(folder, `${name}.age`), identities, backup }]),
  );
}

function textOf({ data, hasGateKeys, caughtUp, practices }: Restored): string {
  const { links, statements, stops, erased, lostWraps } = caughtUp;
  const lines = [
    `Restored into ${data}: ${practices.length} practice${practices.length === 1 ? "" : "s"}.`,
    `Caught up between the services: ${links} links, ${statements} statements, ${stops} stops, ${erased} erasures.`,
  ];
  if (lostWraps.length > 0)
    lines.push(
      `${lostWraps.length} grants were given after the backup, and what opens the record for them is lost: give them again.`,
    );
  if (!hasGateKeys)
    lines.push("The gate's keys are not there yet: sinetti gate restore FILE --identity FILE.");
  lines.push(
    `Start it: sinetti start --data ${data}`,
    "It opens and writes nothing until two of the staff resume it: sinetti resume.",
  );
  return lines.join("\n");
}

async function restore(shell: Shell, words: Words): Promise<Printed> {
  const started = performance.now();
  const { folder, manifest } = findBackup(resolve(argument(words, 0)));
  const { identities, signer } = readIdentities(needed(words, "identity"));
  if (signer !== null && signer !== manifest.signer) throw new BackupError("other-signer");
  const services = readServices(words);
  const gate = await readGate(words);
  await verifyFiles(folder, manifest);
  const total = manifest.files.reduce((sum, { bytes }) => sum + bytes, 0);
  let done = 0;
  const restored = await shell.output.progress((show) =>
    restoreServices({
      data: words.text("data") ?? defaultData(),
      sources: sourcesOf(services, { folder, manifest, identities }),
      gateKeys: gate.keys,
      moved: (bytes) => show(Math.min((done += bytes), total), total),
    }),
  );
  const seconds = Math.round(performance.now() - started) / 1000;
  const { backup, made, signer: signedBy, recipients } = manifest;
  if (services.length === SERVICE_NAMES.length)
    writeNotes(restored.data, {
      recipients,
      gateRecipients: gate.recipients,
      last: { made, folder },
    });
  return { json: { ...restored, backup, made, signer: signedBy, seconds }, text: textOf(restored) };
}
