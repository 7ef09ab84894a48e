import { join, resolve } from "node:path";

import {
  ClientError,
  acceptInvitation,
  findEndpoints,
  finishDevice,
  kitPaper,
  readAccepted,
} from "@sinetti/client";
import type { Command } from "commander";

import { readSlip } from "../input/values.ts";
import type { Printed } from "../output.ts";
import { refuseExisting, writePaper } from "../paperFile.ts";
import { readPassword } from "../password.ts";
import { isProfile, openProfile } from "../profile/profile.ts";
import { withNewProfile } from "../session.ts";
import { defaultProfile, type Shell } from "../shell.ts";
import { addCommand, type Words } from "./command.ts";

const VARIABLES = ["SINETTI_NEW_PASSWORD", "SINETTI_PASSWORD"];

/** `sinetti member accept`. */
export function addAcceptCommand(group: Command): void {
  addCommand(group, {
    usage: "accept",
    summary: "Answer the slip that you were handed; again: your words, and whether you are in",
    options: [
      ["--slip <code>", "the code on your slip"],
      ["--new-profile <dir>", "folder of your device (the usual one when not given)"],
      ["--kit-out <file>", "write your recovery kit as a page, PDF or text by the end of the name"],
    ],
    example: "sinetti member accept --slip 7QK2-M0X4-… --new-profile ./mine",
    run: accept,
  });
}

async function accept(shell: Shell, words: Words): Promise<Printed> {
  const slip = words.text("slip");
  const folder = resolve(words.text("newProfile") ?? defaultProfile());
  if (isProfile(folder)) return look(shell, folder);
  const checked = readSlip(slip ?? "");
  const kitOut = words.text("kitOut");
  const kitFile = kitOut === undefined ? null : resolve(kitOut);
  if (kitFile !== null) refuseExisting([kitFile]);
  // The folder of a device that is about to be made is nobody's in use yet.
  const around = { ...shell, profile: join(folder, "..") };
  return withNewProfile(around, { folder, variables: VARIABLES }, async (made) => {
    const {
      offer,
      kit,
      words: compared,
    } = await acceptInvitation(made.world, { ...made, slip: checked });
    const { practice, practiceName, name, roles, member } = offer;
    if (kitFile !== null && kit !== null) {
      const names = { practiceName, memberName: name };
      const page = { kit, practice, member, server: shell.server, ...names };
      await writePaper(kitFile, kitPaper({ ...page, made: new Date().toISOString() }));
    }
    return {
      json: { practice, practiceName, member, name, roles, words: compared, kit, state: "waiting" },
      text: [
        `You answered as ${name} (${roles.join(", ")}) to ${practiceName}, practice ${practice}: compare it with your slip.`,
        ...waitingText({ kit, words: compared }),
      ].join("\n"),
    };
  });
}

function waitingText({ kit, words }: { kit: string | null; words: string | null }): string[] {
  return [
    `Your recovery kit, for you alone; write it down: ${kit}`,
    `Your comparison words: ${words}`,
    "Tell them to your administrator, in person or by a phone number that you know. Until they are confirmed you see nothing.",
  ];
}

/** A device that answered before: sends what was cut off, and says how far it is. */
async function look(shell: Shell, folder: string): Promise<Printed> {
  const profile = openProfile(folder, { mayMake: false });
  const { world } = profile;
  try {
    const endpoints = await findEndpoints(world, shell.server);
    const password = await readPassword({ prompt: "Password", variables: VARIABLES, isNew: false });
    const accepted = await readAccepted(world, password);
    try {
      const client = await finishDevice(world, { password, endpoints });
      const { member } = client;
      const { practice } = client.practice;
      client.lock();
      return { json: { practice, member, state: "confirmed" }, text: "You are in." };
    } catch (error) {
      if (!(error instanceof ClientError) || error.code !== "not-ready") throw error;
      return {
        json: { ...accepted, state: "waiting" },
        text: ["Nobody has confirmed you yet.", ...waitingText(accepted)].join("\n"),
      };
    }
  } finally {
    profile.close();
  }
}
