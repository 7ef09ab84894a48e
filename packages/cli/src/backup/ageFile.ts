import { createHash } from "node:crypto";
import { createReadStream, createWriteStream, readFileSync } from "node:fs";
import { Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ReadableStream as NodeReadableStream } from "node:stream/web";

import { Decrypter, Encrypter } from "age-encryption";

import { InputError } from "../inputError.ts";
import { BackupError } from "./backupError.ts";

/** A written file: its size, and the SHA-256 of its bytes in hexadecimal. */
export interface WrittenFile {
  readonly bytes: number;
  readonly sha256: string;
}

const POST_QUANTUM = "age1pq1";

/** Recipients of one file, each once; a file for keys of both kinds would be only as strong as the weaker. */
export function readRecipients(given: readonly string[]): string[] {
  const recipients = [...new Set(given.map((text) => text.trim()))];
  const areStrong = recipients.filter((text) => text.startsWith(POST_QUANTUM)).length;
  if (areStrong !== 0 && areStrong !== recipients.length)
    throw new InputError("--to", "recipients age1pq1… and age1… do not go together");
  for (const recipient of recipients) makeEncrypter([recipient]);
  return recipients;
}

function makeEncrypter(recipients: readonly string[]): Encrypter {
  const encrypter = new Encrypter();
  try {
    for (const recipient of recipients) encrypter.addRecipient(recipient);
  } catch (cause) {
    throw new InputError("--to", "not an age recipient (age1…)", { cause });
  }
  return encrypter;
}

/** Encrypts what comes into a new 0600 file, which is on the disk when this resolves; memory stays flat. */
export async function encryptFile(
  path: string,
  plain: AsyncIterable<Uint8Array>,
  recipients: readonly string[],
): Promise<WrittenFile> {
  const source = Readable.toWeb(Readable.from(plain, { objectMode: true, highWaterMark: 4 }));
  const sealed = await makeEncrypter(recipients).encrypt(source as ReadableStream<Uint8Array>);
  const hash = createHash("sha256");
  let bytes = 0;
  const count = new Transform({
    transform(chunk: Uint8Array, _encoding, done) {
      hash.update(chunk);
      bytes += chunk.length;
      done(null, chunk);
    },
  });
  const file = createWriteStream(path, { flags: "wx", mode: 0o600, flush: true });
  await pipeline(Readable.fromWeb(sealed as NodeReadableStream), count, file);
  return { bytes, sha256: hash.digest("hex") };
}

/** The identities of a file in the form of age-keygen, and which system signs the backups that they open, if it says so. */
export function readIdentities(path: string): { identities: string[]; signer: string | null } {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (cause) {
    throw new InputError(path, "the identity file cannot be read", { cause });
  }
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  const identities = lines.filter((line) => line.startsWith("AGE-SECRET-KEY-"));
  if (identities.length === 0) throw new InputError(path, "there is no age identity in this file");
  const signer = lines.map((line) => SIGNER.exec(line)?.[1]).find((found) => found !== undefined);
  return { identities, signer: signer ?? null };
}

const SIGNER = /^# backups signed by: ([0-9a-f]{64})$/;

/** The text of an identity file. */
export function identityText(made: {
  identity: string;
  recipient: string;
  signer: string;
}): string {
  return [
    `# recipient: ${made.recipient}`,
    `# backups signed by: ${made.signer}`,
    made.identity,
    "",
  ].join("\n");
}

/** What the header of an age file says when no key fits; everything else is damage. */
const NO_MATCH = /no identity matched/;

/** Decrypts a file piece by piece. Errors: `wrong-identity`, `damaged`, which can come at any piece. */
export async function* decryptFile(
  path: string,
  identities: readonly string[],
): AsyncGenerator<Uint8Array> {
  const decrypter = new Decrypter();
  try {
    for (const identity of identities) decrypter.addIdentity(identity);
  } catch (cause) {
    throw new BackupError("wrong-identity", { cause });
  }
  const source = createReadStream(path);
  try {
    const sealed = Readable.toWeb(source) as ReadableStream<Uint8Array>;
    yield* (await decrypter.decrypt(sealed)) as unknown as AsyncIterable<Uint8Array>;
  } catch (cause) {
    const isOther = cause instanceof Error && NO_MATCH.test(cause.message);
    throw new BackupError(isOther ? "wrong-identity" : "damaged", { detail: path, cause });
  } finally {
    source.destroy();
  }
}

/** The size and SHA-256 of a file. Error: `incomplete`. */
export async function hashFile(path: string): Promise<WrittenFile> {
  const hash = createHash("sha256");
  let bytes = 0;
  try {
    for await (const chunk of createReadStream(path)) {
      hash.update(chunk as Uint8Array);
      bytes += (chunk as Uint8Array).length;
    }
  } catch (cause) {
    throw new BackupError("incomplete", { detail: path, cause });
  }
  return { bytes, sha256: hash.digest("hex") };
}
