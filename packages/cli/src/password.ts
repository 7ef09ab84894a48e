import { createInterface } from "node:readline";
import { Writable } from "node:stream";

import { Interrupted, UsageError } from "./inputError.ts";

/** Which password is wanted, and where it may come from. */
export interface PasswordAsk {
  readonly prompt: string;
  /** Names of environment variables, first one set wins. */
  readonly variables: readonly string[];
  /** Asked twice, because nobody could correct a slip later. */
  readonly isNew: boolean;
}

/** The password of a profile. Error: UsageError where nobody can be asked. */
export async function readPassword({ prompt, variables, isNew }: PasswordAsk): Promise<string> {
  const given = variables.map((name) => process.env[name]).find((value) => value !== undefined);
  if (given !== undefined) return checkNotEmpty(given);
  if (!process.stdin.isTTY)
    throw new UsageError(`Set ${variables.join(" or ")}, or run this in a terminal.`);
  const password = checkNotEmpty(await askHidden(`${prompt}: `));
  if (isNew && (await askHidden("Once more: ")) !== password)
    throw new UsageError("The two passwords differ. Nothing was made.");
  return password;
}

function checkNotEmpty(password: string): string {
  if (password === "") throw new UsageError("The password is empty.");
  return password;
}

function askHidden(prompt: string): Promise<string> {
  process.stderr.write(prompt);
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: process.stdin, output: silent, terminal: true });
  return new Promise((resolve, reject) => {
    lines.once("SIGINT", () => reject(new Interrupted("Stopped. Nothing was changed.")));
    lines.once("close", () => reject(new Interrupted("Stopped. Nothing was changed.")));
    lines.question("", resolve);
  }).finally(() => {
    lines.close();
    process.stderr.write("\n");
  }) as Promise<string>;
}
