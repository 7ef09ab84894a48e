import type { Command } from "commander";

import { EXIT } from "../failure.ts";
import { UsageError } from "../inputError.ts";
import { Interrupt } from "../interrupt.ts";
import { Output, type Printed } from "../output.ts";
import type { Shell } from "../shell.ts";

/** What was given after the command's name. */
export interface Words {
  readonly args: readonly string[];
  /** Value of an option; undefined: not given. */
  text(name: string): string | undefined;
  flag(name: string): boolean;
  /** Values of an option that takes several; none: not given. */
  list(name: string): readonly string[];
}

/** One command. */
export interface CommandSpec {
  /** Name and arguments: `show <patient>`. */
  readonly usage: string;
  readonly summary: string;
  /** Flags, what they mean, and whether the command can do without. */
  readonly options?: readonly (readonly [flags: string, meaning: string, need?: "required"])[];
  /** A whole call. */
  readonly example: string;
  run(shell: Shell, words: Words): Promise<Printed>;
}

/** Adds a command to a program or a group, and gives it for those that are below it. */
export function addCommand(parent: Command, spec: CommandSpec): Command {
  const command = parent
    .command(spec.usage)
    .description(spec.summary)
    .addHelpText("after", `\nExample:\n  $ ${spec.example}`);
  for (const [flags, meaning, need] of spec.options ?? []) {
    if (need === "required") command.requiredOption(flags, meaning);
    else command.option(flags, meaning);
  }
  command.action(async (...given: unknown[]) => {
    const words = readWords(command, given);
    const { profile, server, json } = command.optsWithGlobals<{
      profile: string;
      server: string;
      json?: boolean;
    }>();
    const output = new Output({ isJson: json === true });
    const interrupt = new Interrupt();
    interrupt.listen();
    const printed = await spec.run({ profile, server, output, interrupt }, words);
    output.print(printed);
    process.exitCode = printed.exit ?? EXIT.done;
    if (!interrupt.isAsked) return;
    // Not thrown: the object is out, and there is one of them.
    process.exitCode = EXIT.interrupted;
    output.log("Stopped after this step. What was done by then is kept.");
  });
  return command;
}

function readWords(command: Command, given: readonly unknown[]): Words {
  const options = command.opts<Record<string, unknown>>();
  return {
    args: given.slice(0, command.registeredArguments.length).flat().filter(isText),
    text: (name) => {
      const value = options[name];
      return isText(value) ? value : undefined;
    },
    flag: (name) => options[name] === true,
    list: (name) => [options[name] ?? []].flat().filter(isText),
  };
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

/** The value of an option that commander has seen to. */
export function needed(words: Words, name: string): string {
  const value = words.text(name);
  if (value === undefined) throw new UsageError(`--${name} is missing`);
  return value;
}

/** An argument that commander has seen to. */
export function argument(words: Words, index: number): string {
  const value = words.args[index];
  if (value === undefined) throw new UsageError("an argument is missing");
  return value;
}
