import { writeFileSync } from "node:fs";
import { join } from "node:path";

/** The file from which a process of the drill reads how far its clock is off. */
export function clockFile(data: string, name: string): string {
  return join(data, `clock.${name}`);
}

/** Sets clocks off by so many seconds; 0: right. */
export function setClocks(data: string, names: readonly string[], seconds: number): void {
  for (const name of names) writeFileSync(clockFile(data, name), String(seconds));
}
