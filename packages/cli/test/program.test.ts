import type { Command } from "commander";
import { describe, expect, it } from "vitest";

import { makeProgram } from "../src/program.ts";

const whole = await makeProgram();
const named = (program: Command, word: string): Command | undefined =>
  program.commands.find((each) => each.name() === word);

describe("the command line", () => {
  it.each(whole.commands.map((command) => command.name()))(
    "loads for %s alone what the whole of it has there",
    async (word) => {
      const program = await makeProgram(["--profile", "patient", "--json", word, "--help"]);
      expect(program.commands.length).toBeLessThan(4);
      expect(named(program, word)?.helpInformation()).toBe(named(whole, word)?.helpInformation());
    },
  );

  it.each([[[]], [["nonsense"]], [["help", "patient"]], [["--json"]], [["--help"]]])(
    "is there as a whole for %j",
    async (args: string[]) => {
      expect((await makeProgram(args)).helpInformation()).toBe(whole.helpInformation());
    },
  );
});
