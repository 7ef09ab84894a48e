import { resolve } from "node:path";

import { findEndpoints, found } from "@sinetti/client";
import type { Command } from "commander";

import { readInstallationCode } from "../admission/installationCode.ts";
import { UsageError } from "../inputError.ts";
import { readRoles } from "../input/values.ts";
import { writeKitPage } from "../kitFile.ts";
import type { Printed } from "../output.ts";
import { refuseExisting } from "../paperFile.ts";
import { readPassword } from "../password.ts";
import { openProfile } from "../profile/profile.ts";
import { defaultData, type Shell } from "../shell.ts";
import { addCommand, needed, type Words } from "./command.ts";

/** `sinetti practice`. */
export function addPracticeCommands(program: Command): void {
  const group = program.command("practice").description("Found a practice");
  addCommand(group, {
    usage: "create",
    summary: "Create a practice and its first member on this profile",
    options: [
      ["--name <name>", "name of the practice", "required"],
      ["--member <name>", "name of its first member", "required"],
      ["--roles <roles>", "roles of the first member", "required"],
      ["--site <name>", "name of the first site; the practice's when left out"],
      ["--solo", "a practice of one; colleagues can be added all the same"],
      [
        "--install-code <code>",
        "the code that start printed; read from SINETTI_DATA when left out",
      ],
      ["--kit-out <file>", "write your recovery kit as a page, PDF or text by the end of the name"],
    ],
    example:
      'sinetti practice create --name "Kuusi" --member "Aino Laine" --roles therapist,admin,privacy',
    run: create,
  });
}

async function create(shell: Shell, words: Words): Promise<Printed> {
  const name = needed(words, "name");
  const founding = {
    name,
    member: needed(words, "member"),
    roles: readRoles(needed(words, "roles")),
    site: words.text("site") ?? name,
  };
  if (!founding.roles.includes("admin"))
    throw new UsageError("--roles: the first member must be an admin, or nobody could add others");
  const kitOut = words.text("kitOut");
  const kitFile = kitOut === undefined ? null : resolve(kitOut);
  if (kitFile !== null) refuseExisting([kitFile]);
  const profile = openProfile(shell.profile, { mayMake: true });
  try {
    const password = await readPassword({
      prompt: "New password",
      variables: ["SINETTI_PASSWORD"],
      isNew: true,
    });
    const { client, papers } = await found(profile.world, founding, {
      endpoints: await findEndpoints(profile.world, shell.server),
      password,
      readCode: () => words.text("installCode") ?? readInstallationCode(defaultData()),
      keep: async (made, { kit }) => {
        if (kitFile === null) return;
        await writeKitPage(made, {
          path: kitFile,
          kit,
          member: made.member,
          server: shell.server,
        });
      },
    });
    const { member, device } = client.context.device.owner;
    client.lock();
    const { root, kit, breakGlass } = papers;
    return {
      json: {
        practice: root,
        root,
        member,
        device,
        kit,
        breakGlass,
        ...(kitFile === null ? {} : { kitFile }),
      },
      text: [
        `The practice ${name} is founded: ${root}`,
        `Your member id: ${member}`,
        "",
        "Write down both, and keep them apart from this machine; they are not shown again.",
        `  Your recovery kit:         ${kit}`,
        `  The break-glass code:      ${breakGlass}`,
        ...(kitFile === null
          ? []
          : ["", `The kit is in ${kitFile}: print it, then delete the file.`]),
        "",
        "The practice's recovery secret lies on this device alone until you split it: sinetti recovery split",
      ].join("\n"),
    };
  } finally {
    profile.close();
  }
}
