import type { Command } from "commander";

import { addFaultsCommand } from "./drillFaults.ts";
import { addFillCommand } from "./drillFill.ts";
import { addTheftCommand } from "./drillTheft.ts";

/** `sinetti drill`: attacks on systems of their own, with programs that ship. */
export function addDrillCommands(program: Command): void {
  const drill = program.command("drill").description("Attack systems of your own, in numbers");
  addTheftCommand(drill);
  addFaultsCommand(drill);
  addFillCommand(drill);
}
