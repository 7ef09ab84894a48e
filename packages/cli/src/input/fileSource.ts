import { closeSync, fstatSync, openSync, readSync } from "node:fs";

import type { ByteSource } from "@sinetti/client";

import { InputError } from "../inputError.ts";

/** A file that is read from any place, until it is closed. */
export interface FileSource extends ByteSource {
  close(): void;
}

/** Opens a file for reading. Error: InputError naming it. */
export function openFileSource(path: string): FileSource {
  const descriptor = open(path);
  const found = fstatSync(descriptor);
  if (!found.isFile()) throw new InputError(path, "this is no file");
  return {
    name: path,
    sizeBytes: found.size,
    // Small reads from the page cache take less time than handing them to another thread.
    read: (from, to) => {
      const bytes = new Uint8Array(Math.max(0, Math.min(to, found.size) - from));
      const count = readSync(descriptor, bytes, 0, bytes.length, from);
      if (count < bytes.length)
        throw new InputError(path, "the file became shorter while it was read");
      return Promise.resolve(bytes);
    },
    close: () => closeSync(descriptor),
  };
}

function open(path: string): number {
  try {
    return openSync(path, "r");
  } catch (cause) {
    throw new InputError(path, "the file cannot be read", { cause });
  }
}
