import { resolve } from "node:path";

import {
  addMemberHere,
  addPerson,
  giveOrder,
  heldAlone,
  memberName,
  openDirectory,
  readmitMember,
  type AddedMember,
  type Client,
} from "@sinetti/client";
import { liveFreezes, rolesAt, type MemberId } from "@sinetti/core";
import type { Command } from "commander";

import { askYes } from "../askYes.ts";
import { UsageError } from "../inputError.ts";
import { readDeviceCode, readId, readRoles } from "../input/values.ts";
import { writeKitPage } from "../kitFile.ts";
import { table, type Printed } from "../output.ts";
import { refuseExisting } from "../paperFile.ts";
import { withClient, withNewProfile } from "../session.ts";
import type { Shell } from "../shell.ts";
import { addAcceptCommand } from "./accept.ts";
import { addCommand, argument, needed, type Words } from "./command.ts";
import { addInvitationCommands } from "./invitation.ts";
import { addKitCommand } from "./kit.ts";
import { pendingText } from "./pendingText.ts";

/** `sinetti member`. */
export function addMemberCommands(program: Command): void {
  const group = program.command("member").description("The people who work in the practice");
  addCommand(group, {
    usage: "add",
    summary: "Add a member, with a device on this machine or one that shows a code",
    options: [
      ["--name <name>", "name of the new member", "required"],
      ["--roles <roles>", "therapist, supervisor, office, privacy, admin, reviewer", "required"],
      [
        "--new-profile <dir>",
        "folder of the new member's device; password from SINETTI_NEW_PASSWORD",
      ],
      [
        "--code <code>",
        "what the new member's own device shows (sinetti device request --new-person)",
      ],
      [
        "--kit-out <file>",
        "write their recovery kit as a page, PDF or text by the end of the name",
      ],
    ],
    example: 'sinetti member add --name "Eero Niemi" --roles therapist --new-profile ./eero',
    run: add,
  });
  addInvitationCommands(group);
  addAcceptCommand(group);
  addCommand(group, {
    usage: "readmit <member>",
    summary: "Give a member the directory again whose access to it has ended (administrator)",
    example: "sinetti member readmit 4f1c9a0e2b7d43d8a1e6c5b09f3d7e21",
    run: (shell, words) => {
      const member = readId<MemberId>(argument(words, 0), "member");
      return withClient(shell, async ({ context }) => {
        await readmitMember(context, member);
        return { json: { member }, text: "They have the directory again." };
      });
    },
  });
  addCommand(group, {
    usage: "list",
    summary: "List the members",
    example: "sinetti member list",
    run: (shell) => withClient(shell, list),
  });
  addCommand(group, {
    usage: "end <member>",
    summary: "End a membership; every service refuses them at once",
    options: [["--yes", "also where records are left that nobody else can open or hand on"]],
    example: "sinetti member end 4f1c9a0e2b7d43d8a1e6c5b09f3d7e21",
    run: end,
  });
  addKitCommand(group);
}

async function add(shell: Shell, words: Words): Promise<Printed> {
  const person = { name: needed(words, "name"), roles: readRoles(needed(words, "roles")) };
  const [folder, code] = [words.text("newProfile"), words.text("code")];
  if ((folder === undefined) === (code === undefined))
    throw new UsageError("Give either --new-profile or --code");
  if (code !== undefined) {
    const checked = readDeviceCode(code);
    return withClient(shell, async (client) =>
      addedText(person.name, await addPerson(client, checked, person)),
    );
  }
  const kitOut = words.text("kitOut");
  const kitFile = kitOut === undefined ? null : resolve(kitOut);
  if (kitFile !== null) refuseExisting([kitFile]);
  const variables = ["SINETTI_NEW_PASSWORD", "SINETTI_PASSWORD"];
  return withClient(shell, (client) =>
    withNewProfile(shell, { folder: resolve(folder ?? ""), variables }, async (made) => {
      const { kit, ...added } = await addMemberHere(client, made, person);
      if (kitFile !== null && kit !== null)
        await writeKitPage(client, {
          path: kitFile,
          kit,
          member: added.member,
          server: shell.server,
        });
      const { json, text } = addedText(person.name, added);
      return {
        json: { ...json, kit, ...(kitFile === null ? {} : { kitFile }) },
        text: `${text}\nTheir recovery kit, shown once, for them alone: ${kit}`,
      };
    }),
  );
}

function addedText(
  name: string,
  { member, device, pending }: AddedMember,
): { json: Record<string, unknown>; text: string } {
  const lines = [`${name} is a member: ${member}`];
  if (pending !== null)
    lines[0] = `${name} waits to become a member. ${pendingText(pending, null)}`;
  return {
    json: { member, device, ...(pending === null ? {} : { pending }) },
    text: lines.join("\n"),
  };
}

async function list(client: Client): Promise<Printed> {
  const { practice } = client;
  const directory = await openDirectory(client.context);
  const rows = (Object.keys(practice.members) as MemberId[]).map((member) => ({
    member,
    name: memberName(directory, member),
    roles: rolesAt(practice, member),
    devices: Object.values(practice.devices).filter(
      (device) => device.member === member && device.endedSeq === null,
    ).length,
    frozen: liveFreezes(practice, member).length > 0,
    ended: (practice.members[member]?.endedSeq ?? null) !== null,
  }));
  const text = table(
    rows.map(({ member, name, roles, frozen, ended }) => [
      member,
      name ?? "?",
      roles.join(","),
      ended ? "ended" : frozen ? "frozen" : "",
    ]),
  );
  return { json: rows, text };
}

async function end(shell: Shell, words: Words): Promise<Printed> {
  const member = readId<MemberId>(argument(words, 0), "member");
  return withClient(shell, async (client) => {
    const alone = await heldAlone(client, member);
    const question = `Records that would be left with nobody who opens them or hands them on: ${alone}. Hand them over first (sinetti access grant), or stop this person for now (sinetti freeze); of who is lost, the trustees give them back (sinetti recovery give-back). End the member all the same?`;
    if (alone !== null && alone > 0 && !(await askYes(question, { isGiven: words.flag("yes") })))
      throw new UsageError("Nothing was done.");
    await giveOrder(client.context, "member.end", { member });
    const unseen =
      alone === null ? " A privacy officer sees what only they held: sinetti review open." : "";
    return {
      json: { member, ended: true, alone },
      text: `${member} is no longer a member.${unseen}`,
    };
  });
}
