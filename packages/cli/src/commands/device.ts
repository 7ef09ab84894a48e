import { resolve } from "node:path";

import { approveDevice, giveOrder, requestDevice, type Client } from "@sinetti/client";
import type { DeviceId } from "@sinetti/core";
import type { Command } from "commander";

import { readDeviceCode, readId } from "../input/values.ts";
import { table, type Printed } from "../output.ts";
import { withClient, withNewProfile } from "../session.ts";
import type { Shell } from "../shell.ts";
import { addCommand, argument, needed, type Words } from "./command.ts";
import { addRecoverCommand } from "./kit.ts";
import { pendingText } from "./pendingText.ts";

/** `sinetti device`. */
export function addDeviceCommands(program: Command): void {
  const group = program.command("device").description("The devices of members");
  addCommand(group, {
    usage: "request",
    summary: "Make a new device and show the code that another device approves",
    options: [
      ["--new-profile <dir>", "folder of the new device", "required"],
      [
        "--new-person",
        "it is the first device of somebody new (approve: sinetti member add --code)",
      ],
    ],
    example: "sinetti device request --new-profile ./laptop",
    run: request,
  });
  addCommand(group, {
    usage: "approve <code>",
    summary: "Approve your new device by the code that it shows",
    example: "sinetti device approve 7QK2-M0X4-…",
    run: approve,
  });
  addCommand(group, {
    usage: "list",
    summary: "List your devices",
    example: "sinetti device list",
    run: (shell) => withClient(shell, list),
  });
  addCommand(group, {
    usage: "end <device>",
    summary: "End a device; every service refuses it at once",
    example: "sinetti device end 9b6de7c1f0a24c35b8d2e4f6071a3c58",
    run: end,
  });
  addRecoverCommand(group);
}

async function request(shell: Shell, words: Words): Promise<Printed> {
  const folder = resolve(needed(words, "newProfile"));
  const isNewPerson = words.flag("newPerson");
  const variables = ["SINETTI_NEW_PASSWORD", "SINETTI_PASSWORD"];
  return withNewProfile(shell, { folder, variables }, async ({ world, endpoints, password }) => {
    const { code, kit } = await requestDevice(world, { endpoints, password, isNewPerson });
    const next = isNewPerson
      ? `An administrator runs: sinetti member add --name … --roles … --code ${code}`
      : `On your other device: sinetti device approve ${code}`;
    const text = [`Code, good for 15 minutes: ${code}`, next];
    if (kit !== null) text.push(`Your recovery kit, shown once; write it down: ${kit}`);
    return { json: { code, ...(kit === null ? {} : { kit }) }, text: text.join("\n") };
  });
}

async function approve(shell: Shell, words: Words): Promise<Printed> {
  const code = readDeviceCode(argument(words, 0));
  return withClient(shell, async (client) => {
    const { device, given } = await approveDevice(client.context, code);
    if (given.state === "done")
      return { json: { device }, text: `The device ${device} is yours now.` };
    const { order, dueAt } = given;
    return { json: { device, pending: order, dueAt }, text: pendingText(order, dueAt) };
  });
}

async function list({ practice, member, context }: Client): Promise<Printed> {
  const rows = Object.entries(practice.devices)
    .filter(([, device]) => device.member === member)
    .map(([device, { endedSeq }]) => ({
      device,
      here: device === context.device.owner.device,
      ended: endedSeq !== null,
    }));
  const text = table(
    rows.map(({ device, here, ended }) => [device, here ? "this one" : "", ended ? "ended" : ""]),
  );
  return Promise.resolve({ json: rows, text });
}

async function end(shell: Shell, words: Words): Promise<Printed> {
  const device = readId<DeviceId>(argument(words, 0), "device");
  return withClient(shell, async (client) => {
    await giveOrder(client.context, "device.end", { device });
    return { json: { device, ended: true }, text: `The device ${device} is ended.` };
  });
}
