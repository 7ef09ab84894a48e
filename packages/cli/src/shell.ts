import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

import type { Interrupt } from "./interrupt.ts";
import type { Output } from "./output.ts";

export const DEFAULT_SERVER = "http://127.0.0.1:4600";

/** Where a command works, and how it speaks. */
export interface Shell {
  /** Folder of the device. */
  readonly profile: string;
  /** Address of the launcher. */
  readonly server: string;
  readonly output: Output;
  readonly interrupt: Interrupt;
}

/** The profile that is meant when none is named. */
export function defaultProfile(): string {
  const config = process.env["XDG_CONFIG_HOME"] ?? join(homedir(), ".config");
  return resolve(config, "sinetti", "default");
}

const REPOSITORY = dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url)))));

/** The data folder when none is named. */
export function defaultData(): string {
  return resolve(process.env["SINETTI_DATA"] ?? join(REPOSITORY, ".data"));
}
