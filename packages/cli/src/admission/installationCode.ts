import { readFileSync } from "node:fs";
import { join } from "node:path";

import { UsageError } from "../inputError.ts";

/** The code of the installation in a data folder. Error: UsageError naming what to do. */
export function readInstallationCode(data: string): string {
  const path = join(data, "gate", "secrets", "installation.code");
  try {
    return readFileSync(path, "utf8").trim();
  } catch (cause) {
    throw new UsageError(
      `The installation code cannot be read from ${path}. On the machine of "sinetti start", set SINETTI_DATA to ` +
        "its data folder; elsewhere, give --install-code with the code that it printed.",
      { cause },
    );
  }
}
