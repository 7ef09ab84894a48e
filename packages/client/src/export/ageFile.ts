import { Decrypter, Encrypter } from "age-encryption";
import { ExportError } from "./exportError.ts";

/** Whom a file is sealed to: age recipients, or whoever has a passphrase. */
export type Recipients =
  | { readonly recipients: readonly string[] }
  | { readonly passphrase: string; readonly workFactor?: number };

/** How a sealed file is opened: age identities, or a passphrase. */
export type Identities =
  | { readonly identities: readonly string[] }
  | { readonly passphrase: string };

/** Checks recipients before anything is opened for them. Error: `recipient-invalid`. */
export function makeEncrypter(to: Recipients): Encrypter {
  const encrypter = new Encrypter();
  if ("passphrase" in to) {
    encrypter.setPassphrase(to.passphrase);
    if (to.workFactor !== undefined) encrypter.setScryptWorkFactor(to.workFactor);
    return encrypter;
  }
  if (to.recipients.length === 0) throw new ExportError("recipient-invalid");
  const isHybrid = to.recipients.map((each) => /^age1(tag)?pq1/.test(each));
  if (isHybrid.includes(true) && isHybrid.includes(false))
    throw new ExportError("recipient-invalid");
  try {
    for (const recipient of to.recipients) encrypter.addRecipient(recipient);
  } catch (cause) {
    throw new ExportError("recipient-invalid", { cause });
  }
  return encrypter;
}

/** The bytes of an age file, as they become ready. */
export async function* sealStream(
  encrypter: Encrypter,
  plain: AsyncGenerator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  yield* readStream(await encrypter.encrypt(toStream(plain)));
}

/** The bytes inside an age file. Error: `wrong-identity`; `package-broken` for a file that was cut or changed. */
export async function* openStream(
  sealed: AsyncGenerator<Uint8Array>,
  by: Identities,
): AsyncGenerator<Uint8Array> {
  const decrypter = new Decrypter();
  let plain: ReadableStream<Uint8Array>;
  try {
    if ("passphrase" in by) decrypter.addPassphrase(by.passphrase);
    else for (const identity of by.identities) decrypter.addIdentity(identity);
    plain = await decrypter.decrypt(toStream(sealed));
  } catch (cause) {
    throw new ExportError("wrong-identity", { cause });
  }
  try {
    yield* readStream(plain);
  } catch (cause) {
    throw new ExportError("package-broken", { cause });
  }
}

function toStream(source: AsyncGenerator<Uint8Array>): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await source.next();
      if (done === true) controller.close();
      else controller.enqueue(value);
    },
    async cancel() {
      await source.return(undefined);
    },
  });
}

async function* readStream(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader();
  try {
    for (let read = await reader.read(); !read.done; read = await reader.read()) yield read.value;
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}
