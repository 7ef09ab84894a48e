import { refusePending } from "@sinetti/client";
import type { Command } from "commander";

import { readHash } from "../input/values.ts";
import type { Printed } from "../output.ts";
import { withClient } from "../session.ts";
import type { Shell } from "../shell.ts";
import { addCommand, argument, type Words } from "./command.ts";

/** `sinetti refuse`. */
export function addRefuseCommand(program: Command): void {
  addCommand(program, {
    usage: "refuse <order>",
    summary:
      "Withdraw an order that waits: your own, a device that is not yours, or with a colleague a recovery",
    example: "sinetti refuse 3b0c8f6d1e2a4f5b9c7d6e8f0a1b2c3d4e5f60718293a4b5c6d7e8f901122334",
    run: refuse,
  });
}

async function refuse(shell: Shell, words: Words): Promise<Printed> {
  const order = readHash(argument(words, 0), "order");
  return withClient(shell, async ({ context }) => {
    await refusePending(context, order);
    return {
      json: { order, refused: true },
      text: "Your word is kept at the gate. A recovery by the trustees takes a second member's word.",
    };
  });
}
