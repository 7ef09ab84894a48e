import { createHash } from "node:crypto";
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import sodium from "libsodium-wrappers-sumo";

// Stretching a password costs a fifth of a second of a processor, on purpose, and the tests unlock the same devices again and
// again: it was two thirds of their time. What it gave for the same password and salt it gives again; it is a pure function.
await sodium.ready;
const stretch = sodium.crypto_pwhash;
const known = new Map<string, Uint8Array>();
/** Where the processes of one test, each a command, find what another one of them was given. */
const { TEST_STRETCHED: folder } = process.env;

const nameOf = (asked: readonly unknown[]): string =>
  asked
    .map((each) => (each instanceof Uint8Array ? Buffer.from(each).toString("hex") : String(each)))
    .join(" ");

function stretchOnce(name: string, asked: readonly unknown[]): Uint8Array {
  const make = (): Uint8Array => Reflect.apply(stretch, sodium, asked) as Uint8Array;
  if (folder === undefined) return make();
  const file = join(folder, createHash("sha256").update(name).digest("hex"));
  if (existsSync(file)) return Uint8Array.from(readFileSync(file));
  const bytes = make();
  writeFileSync(`${file}.${process.pid}`, bytes);
  renameSync(`${file}.${process.pid}`, file);
  return bytes;
}

Object.assign(sodium, {
  crypto_pwhash: (...asked: unknown[]): Uint8Array => {
    const name = nameOf(asked);
    const bytes = known.get(name) ?? stretchOnce(name, asked);
    known.set(name, bytes);
    // A copy each time: whoever asked may wipe theirs.
    return bytes.slice();
  },
});
