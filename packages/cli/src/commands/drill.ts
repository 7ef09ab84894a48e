import type { Command } from "commander";

import { addFillCommand } from "./drillFill.ts";
import { addTheftCommand } from "./drillTheft.ts";

/** `sinetti drill`: attacks on systems of their own, with programs that ship. */
export function addDrillCommands(program: Command): void {
  const drill = program.command("drill").description("Attack systems of your own, in numbers");
  addTheftCommand(drill);
  addFillCommand(drill);
}
