import { mkdirSync } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";

import type { ExportFolder } from "@sinetti/client";

import { writeSealedFile } from "./sealedFile.ts";

/** A folder of this machine; made for its owner alone where there is none. What goes into it is sealed. */
export function diskFolder(path: string): ExportFolder {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  return {
    write: (name, fill) => writeSealedFile(join(path, name), fill, { mayReplace: true }),
    size: (name) => ifThere(stat(join(path, name)).then((found) => found.size)),
    readText: (name) => ifThere(readFile(join(path, name), "utf8")),
  };
}

async function ifThere<T>(reading: Promise<T>): Promise<T | null> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw error;
  }
}
