import { constants } from "node:fs";
import { open, writeFile } from "node:fs/promises";

import {
  CoreError,
  POSTURE_LIMITS,
  readPostureBoard,
  type PostureBoard,
  type ServiceName,
} from "@sinetti/core";

/** What the launcher has written down of this vault's database; `missing`: nothing yet, or it was not said where. */
export type PostureFound = PostureBoard | "missing" | "broken";

const WRITABLE_BY_OTHERS = 0o022;

async function readBytes(path: string): Promise<Uint8Array | "missing" | "broken"> {
  let file;
  try {
    file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    const isMissing = error instanceof Error && "code" in error && error.code === "ENOENT";
    return isMissing ? "missing" : "broken";
  }
  try {
    const found = await file.stat();
    const isOurs = found.isFile() && (found.mode & WRITABLE_BY_OTHERS) === 0;
    if (!isOurs || found.size > POSTURE_LIMITS.boardBytes) return "broken";
    return new Uint8Array(await file.readFile());
  } catch {
    return "broken";
  } finally {
    await file.close();
  }
}

/** The file in which the launcher says what it found; null: it says nothing. */
export class PostureFile {
  readonly #path: string | null;
  readonly #service: ServiceName;

  constructor(path: string | null, service: ServiceName) {
    this.#path = path;
    this.#service = service;
  }

  async read(): Promise<PostureFound> {
    if (this.#path === null) return "missing";
    const bytes = await readBytes(this.#path);
    if (typeof bytes === "string") return bytes;
    try {
      return readPostureBoard(bytes, this.#service);
    } catch (error) {
      if (error instanceof CoreError) return "broken";
      throw error;
    }
  }

  /** Lays down beside it that somebody asks for a look; `not-found`: nobody would see it. */
  async askForLook(): Promise<"asked" | "not-found" | "unavailable"> {
    if (this.#path === null) return "not-found";
    try {
      await writeFile(`${this.#path}.ask`, "", { mode: 0o600 });
      return "asked";
    } catch {
      return "unavailable";
    }
  }
}
