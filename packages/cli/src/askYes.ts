import { createInterface } from "node:readline/promises";

import { UsageError } from "./inputError.ts";

/** Whether the person said yes, by an option or at the terminal. Error: UsageError where nobody can be asked. */
export async function askYes(
  question: string,
  { isGiven }: { isGiven: boolean },
): Promise<boolean> {
  if (isGiven) return true;
  if (!process.stdin.isTTY)
    throw new UsageError(`${question} Give --yes, or run this in a terminal.`);
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return (await lines.question(`${question} Type yes: `)).trim().toLowerCase() === "yes";
  } finally {
    lines.close();
  }
}
