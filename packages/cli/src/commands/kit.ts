import { readFileSync } from "node:fs";
import { resolve } from "node:path";

import {
  ClientError,
  OrderWaits,
  findKitPage,
  readKit,
  recoverDevice,
  rekeyMember,
  takeKit,
} from "@sinetti/client";
import type { MemberId, PracticeId } from "@sinetti/core";
import type { Command } from "commander";

import { readId } from "../input/values.ts";
import { InputError, UsageError } from "../inputError.ts";
import { writeKitPage } from "../kitFile.ts";
import type { Printed } from "../output.ts";
import { refuseExisting } from "../paperFile.ts";
import { readPassword } from "../password.ts";
import { withClient, withNewProfile } from "../session.ts";
import type { Shell } from "../shell.ts";
import { addCommand, needed, type Words } from "./command.ts";

/** `sinetti member kit`: the kit of this member on paper. */
export function addKitCommand(member: Command): void {
  addCommand(member, {
    usage: "kit",
    summary: "Print your recovery kit that nobody has printed yet, or make a new one",
    options: [
      ["--kit-out <file>", "write the page, PDF or text by the end of the name"],
      ["--renew", "make a new kit and a new key; the old page is void"],
    ],
    example: "sinetti member kit --renew --kit-out kit.pdf",
    run: kit,
  });
}

/** `sinetti device recover`: back by the kit. */
export function addRecoverCommand(device: Command): void {
  addCommand(device, {
    usage: "recover",
    summary: "Come back by your recovery kit; a colleague approves, or 24 hours pass",
    options: [
      ["--new-profile <dir>", "folder of the new device", "required"],
      [
        "--kit-file <file>",
        "the kit page as text, or a file with the code; else SINETTI_KIT, or asked",
      ],
      ["--practice <id>", "practice id on the kit; read from the page when left out"],
      ["--member <id>", "member id on the kit; read from the page when left out"],
    ],
    example: "sinetti device recover --kit-file kit.txt --new-profile ./laptop",
    run: recover,
  });
}

async function kit(shell: Shell, words: Words): Promise<Printed> {
  const out = words.text("kitOut");
  const path = out === undefined ? null : resolve(out);
  if (path !== null) refuseExisting([path]);
  return withClient(shell, async (client) => {
    const { context, member } = client;
    if (words.flag("renew")) await rekeyMember(context);
    const code = await readKit(context);
    if (code === null) throw new ClientError("refused", { detail: "no-kit-waits" });
    const { server } = shell;
    if (path !== null) await writeKitPage(client, { path, kit: code, member, server });
    const { practice } = client.practice;
    const printed = {
      json: { practice, member, kit: code, file: path },
      text:
        path === null
          ? `Practice ${practice}\nMember ${member}\nYour recovery kit, shown once: ${code}`
          : `Your recovery kit is in ${path}. Print it, lock it away, and delete the file.`,
    };
    await takeKit(context);
    return printed;
  });
}

interface GivenKit {
  readonly practice: PracticeId;
  readonly member: MemberId;
  readonly kit: string;
}

async function readGiven(words: Words): Promise<GivenKit> {
  const file = words.text("kitFile");
  const text = file === undefined ? await askKit() : readKitFile(file);
  const page = findKitPage(text);
  const practice = words.text("practice") ?? page?.practice;
  const member = words.text("member") ?? page?.member;
  if (practice === undefined || member === undefined)
    throw new UsageError("--practice and --member: both stand on the kit");
  return {
    practice: readId<PracticeId>(practice, "--practice"),
    member: readId<MemberId>(member, "--member"),
    kit: page?.kit ?? text.trim(),
  };
}

function askKit(): Promise<string> {
  return readPassword({ prompt: "Recovery kit", variables: ["SINETTI_KIT"], isNew: false });
}

function readKitFile(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    throw new InputError(path, "the file cannot be read", { cause });
  }
}

async function recover(shell: Shell, words: Words): Promise<Printed> {
  const given = await readGiven(words);
  const folder = resolve(needed(words, "newProfile"));
  const variables = ["SINETTI_NEW_PASSWORD", "SINETTI_PASSWORD"];
  return withNewProfile(shell, { folder, variables }, async ({ world, endpoints, password }) => {
    const { practice, member } = given;
    try {
      const { context } = await recoverDevice(world, { ...given, endpoints, password });
      const { device } = context.device.owner;
      return { json: { practice, member, device }, text: `This device is yours: ${device}` };
    } catch (error) {
      if (!(error instanceof OrderWaits)) throw error;
      return recoverWaits(error, { practice, folder });
    }
  });
}

function recoverWaits(
  { order, dueAt, member, device }: OrderWaits,
  { practice, folder }: { practice: PracticeId; folder: string },
): Printed {
  const due = dueAt === null ? "its time" : new Date(dueAt * 1000).toISOString();
  return {
    json: { practice, member, device, pending: order, dueAt },
    text: [
      `A colleague who sees you runs: sinetti approve ${order}. Else it acts from ${due} on; your other devices are told.`,
      `Then any command on this profile finishes it: sinetti --profile ${folder} status`,
      "Your kit is used up: print the new one with sinetti member kit --kit-out kit.pdf.",
    ].join("\n"),
  };
}
