import { resolve } from "node:path";

import {
  OrderWaits,
  giveBack,
  recoverPractice,
  rotateRecovery,
  sharePaper,
  splitHeldSecret,
  strikeRecoverySecret,
  type Client,
} from "@sinetti/client";
import type { MemberId } from "@sinetti/core";
import { isSplittable, type RecoveryShare } from "@sinetti/core/secret";
import type { Command } from "commander";

import { askYes } from "../askYes.ts";
import { joinShares, readShares } from "../input/shareFiles.ts";
import { readId, readRoles } from "../input/values.ts";
import { UsageError } from "../inputError.ts";
import { readNames } from "../kitFile.ts";
import type { Printed } from "../output.ts";
import { refuseExisting, writePaper } from "../paperFile.ts";
import { withClient, withNewProfile } from "../session.ts";
import type { Shell } from "../shell.ts";
import { makePrivateFolder } from "../start/privateFolder.ts";
import { addCommand, argument, needed, type Words } from "./command.ts";

/** `sinetti recovery`. */
export function addRecoveryCommands(program: Command): void {
  const group = program.command("recovery").description("Losing everything, and coming back");
  addCommand(group, {
    usage: "split",
    summary:
      "Split the practice's recovery secret among trustees, one of them from outside the practice",
    options: [
      ["--shares <n>", "how many trustees there are", "required"],
      ["--threshold <k>", "how many of them bring the practice back, two at least", "required"],
      ["--out <dir>", "folder for a PDF and a text file a trustee", "required"],
      ["--trustee <names...>", "their names, in the order of the shares"],
      [
        "--from <shares...>",
        "the old shares, to replace the secret and make new ones on an administrator's device",
      ],
      ["--yes", "strike the secret from this device without asking"],
    ],
    example:
      "sinetti recovery split --shares 3 --threshold 2 --out ./shares --trustee 'Aino Laine' 'Eero Niemi' 'Bank box 12'",
    run: split,
  });
  addCommand(group, {
    usage: "check <shares...>",
    summary: "Say whether shares are sound and join, without telling anybody",
    example: "sinetti recovery check share-1-of-3.txt share-2-of-3.txt",
    run: check,
  });
  addCommand(group, {
    usage: "restore <shares...>",
    summary: "Bring a new member in by the trustees' shares, text files or codes; after 72 hours",
    options: [
      ["--new-profile <dir>", "folder of the new device", "required"],
      ["--name <name>", "name of the new member", "required"],
      ["--roles <roles>", "therapist, supervisor, office, privacy, admin", "required"],
    ],
    example:
      'sinetti recovery restore share-1-of-3.txt share-3-of-3.txt --new-profile ./new --name "Aino Laine" --roles admin,privacy',
    run: restore,
  });
  addCommand(group, {
    usage: "give-back <member>",
    summary: "Grant a member the records that nobody living can grant",
    options: [["--from <member>", "only what this member held"]],
    example: "sinetti recovery give-back 4f1c9a0e2b7d43d8a1e6c5b09f3d7e21",
    run: giveBackTo,
  });
}

function readCount(words: Words, name: "shares" | "threshold"): number {
  const text = needed(words, name);
  if (!/^\d{1,2}$/.test(text)) throw new UsageError(`--${name}: a number`);
  return Number(text);
}

async function split(shell: Shell, words: Words): Promise<Printed> {
  const [count, threshold] = [readCount(words, "shares"), readCount(words, "threshold")];
  if (!isSplittable({ count, threshold }))
    throw new UsageError("--threshold: from 2 to the number of shares; --shares: at most 16");
  const trustees = words.list("trustee");
  if (trustees.length > count) throw new UsageError("--trustee: more names than shares");
  const out = makePrivateFolder(resolve(needed(words, "out")), undefined);
  const files = Array.from({ length: count }, (_, index) => {
    const base = resolve(out, `share-${index + 1}-of-${count}`);
    return { trustee: trustees[index] ?? null, pdf: `${base}.pdf`, text: `${base}.txt` };
  });
  refuseExisting(files.flatMap(({ pdf, text }) => [pdf, text]));
  const old = readShares(words.list("from"));
  const before = old.length === 0 ? null : await joinShares(old);
  return withClient(shell, async (client) => {
    if (before !== null) await rotateRecovery(client.context, before);
    const shares = await splitHeldSecret(client.context, { threshold, count });
    await writeShares(client, { shell, shares, files });
    await checkWritten(shares, threshold, files);
    const isStruck = await askYes(STRIKE, { isGiven: words.flag("yes") || !process.stdin.isTTY });
    if (isStruck) await strikeRecoverySecret(client.context);
    return splitDone(shares, { files, isStruck });
  });
}

const STRIKE =
  "The shares are written, and each was read back. Strike the secret from this device, so that it is nowhere but in the shares?";

type ShareFiles = readonly { trustee: string | null; pdf: string; text: string }[];

async function writeShares(
  client: Client,
  { shell, shares, files }: { shell: Shell; shares: readonly RecoveryShare[]; files: ShareFiles },
): Promise<void> {
  const { practiceName } = await readNames(client, client.member);
  const made = new Date(client.context.world.clock.now() * 1000).toISOString();
  const page = { practiceName: practiceName ?? "", server: shell.server, made };
  for (const [index, share] of shares.entries()) {
    const file = files[index];
    if (file === undefined) throw new TypeError("a share without a file");
    const { trustee } = file;
    await writePaper(file.pdf, sharePaper({ ...page, share, trustee }, { isPrinted: true }));
    await writePaper(file.text, sharePaper({ ...page, share, trustee }, { isPrinted: false }));
  }
}

/** Reads each file back and joins it with the next ones: from then on the secret may go. */
async function checkWritten(
  shares: readonly RecoveryShare[],
  threshold: number,
  files: ShareFiles,
): Promise<void> {
  const written = readShares(files.map(({ text }) => text));
  for (const start of shares.keys()) {
    const around = Array.from(
      { length: threshold },
      (_, index) => written[(start + index) % written.length],
    );
    await joinShares(around.filter((each) => each !== undefined));
  }
}

function splitDone(
  shares: readonly RecoveryShare[],
  { files, isStruck }: { files: ShareFiles; isStruck: boolean },
): Printed {
  const [first] = shares;
  if (first === undefined) throw new TypeError("no shares");
  const { practice, version, threshold, count } = first;
  const rows = files.map((file, index) => ({ number: index + 1, ...file }));
  return {
    json: { practice, version, threshold, shares: rows, struck: isStruck },
    text: [
      ...rows.map(({ number, trustee, pdf }) => `${number}  ${trustee ?? "?"}  ${pdf}`),
      "",
      `Any ${threshold} of the ${count} bring the practice back. Print them, hand each to its trustee, then delete the files.`,
      "One trustee should be from outside the practice, and no two shares under one roof.",
      isStruck
        ? "The secret is struck from this device: it is nowhere but in the shares."
        : "The secret still lies on this device. Run this again to strike it.",
    ].join("\n"),
  };
}

async function check(_shell: Shell, words: Words): Promise<Printed> {
  const shares = readShares(words.args);
  await joinShares(shares);
  const [first] = shares;
  if (first === undefined) throw new UsageError("no share was given");
  const { practice, version, threshold, count } = first.share;
  const numbers = shares.map(({ share }) => share.number);
  return {
    json: { practice, version, threshold, count, numbers, sound: true },
    text: `The shares ${numbers.join(", ")} of ${count} join: version ${version} of the practice ${practice}.`,
  };
}

async function restore(shell: Shell, words: Words): Promise<Printed> {
  const name = needed(words, "name");
  const roles = readRoles(needed(words, "roles"));
  if (roles.includes("reviewer")) throw new UsageError("--roles: a reviewer brings nothing back");
  const given = readShares(words.args);
  const secret = await joinShares(given);
  const practice = given[0]?.share.practice;
  if (practice === undefined) throw new UsageError("no share was given");
  const folder = resolve(needed(words, "newProfile"));
  const variables = ["SINETTI_NEW_PASSWORD", "SINETTI_PASSWORD"];
  return withNewProfile(shell, { folder, variables }, async ({ world, endpoints, password }) => {
    const wish = { endpoints, password, secret, practice, roles, name };
    try {
      const { context } = await recoverPractice(world, wish);
      const { member, device } = context.device.owner;
      return { json: { practice, member, device }, text: `${name} is a member: ${member}` };
    } catch (error) {
      if (!(error instanceof OrderWaits)) throw error;
      return restoreWaits(error, { practice, folder });
    }
  });
}

function restoreWaits(
  { order, dueAt, member, device }: OrderWaits,
  { practice, folder }: { practice: string; folder: string },
): Printed {
  const due = dueAt === null ? "its time" : new Date(dueAt * 1000).toISOString();
  return {
    json: { practice, member, device, pending: order, dueAt },
    text: [
      `The practice knows of it now. It acts from ${due} on; until then two of the staff can withdraw it.`,
      `Then any command on this profile finishes it: sinetti --profile ${folder} status`,
      "Afterwards: sinetti member end --yes for whoever is lost, sinetti recovery give-back, sinetti member add, and at the end",
      "sinetti recovery split, which replaces the secret, so that the shares that were joined are void.",
    ].join("\n"),
  };
}

async function giveBackTo(shell: Shell, words: Words): Promise<Printed> {
  const to = readId<MemberId>(argument(words, 0), "member");
  const named = words.text("from");
  const from = named === undefined ? null : readId<MemberId>(named, "--from");
  return withClient(shell, async (client) => {
    const { files, closed } = await giveBack(client.context, { to, from });
    const left =
      closed === 0 ? "" : ` ${closed} are closed and stay: a privacy officer reopens them.`;
    return {
      json: { member: to, files, closed },
      text: `${files.length} records were granted.${left}`,
    };
  });
}
