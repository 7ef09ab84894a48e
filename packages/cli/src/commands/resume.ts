import { resumeServices, type Client, type Resumption } from "@sinetti/client";
import type { Command } from "commander";

import type { Printed } from "../output.ts";
import { readPassword } from "../password.ts";
import { withClient } from "../session.ts";
import type { Shell } from "../shell.ts";
import { addCommand, type Words } from "./command.ts";
import { pendingText } from "./pendingText.ts";

/** `sinetti resume`. */
export function addResumeCommand(program: Command): void {
  addCommand(program, {
    usage: "resume",
    summary:
      "After a restore: hand in what this device has, and let the restored services work again; another member approves",
    options: [
      ["--paper-code", "with the break-glass code from paper (asked, or SINETTI_PAPER_CODE)"],
    ],
    example: "sinetti resume",
    run: resume,
  });
}

function textOf({ services, given, lost, returned }: Resumption): string {
  const names = services.join(", ");
  const lines = [
    given.state === "done"
      ? `Resumed: ${names}.`
      : `${names}: still. ${pendingText(given.order, given.dueAt)}`,
  ];
  if (returned > 0) lines.push(`${returned} appends came back from this device.`);
  if (lost > 0)
    lines.push(
      `${lost} records have newer entries that nobody has handed in. If colleagues have read them since the backup, let ` +
        "their devices run any command first; with the resumption these entries are given up.",
    );
  return lines.join("\n");
}

async function resume(shell: Shell, words: Words): Promise<Printed> {
  const variables = ["SINETTI_PAPER_CODE"];
  const ask = { prompt: "Break-glass code", variables, isNew: false };
  const code = words.flag("paperCode") ? await readPassword(ask) : null;
  return withClient(shell, async ({ context }: Client) => {
    const done = await resumeServices(context, { code });
    if (done.length === 0)
      return { json: { resumed: [], pending: null }, text: "Nothing is still." };
    const pending = done.flatMap(({ given }) => (given.state === "pending" ? [given.order] : []));
    return {
      json: {
        resumed: done.flatMap(({ given, services }) => (given.state === "done" ? services : [])),
        pending: pending[0] ?? null,
        lost: done.reduce((sum, { lost }) => sum + lost, 0),
        returned: done.reduce((sum, { returned }) => Math.max(sum, returned), 0),
      },
      text: done.map(textOf).join("\n"),
    };
  });
}
