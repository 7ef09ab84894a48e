import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import {
  generateHybridIdentity,
  generateX25519Identity,
  identityToRecipient,
} from "age-encryption";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import {
  decryptFile,
  encryptFile,
  hashFile,
  identityText,
  readIdentities,
  readRecipients,
} from "../../src/backup/ageFile.ts";
import { InputError } from "../../src/inputError.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "sinetti-age-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

const CHUNKS = 40;
async function* content(): AsyncGenerator<Uint8Array> {
  for (let index = 0; index < CHUNKS; index++) yield Buffer.alloc(10_000, index);
}

async function read(path: string, identity: string): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of decryptFile(path, [identity])) parts.push(part);
  return Buffer.concat(parts);
}

describe("an encrypted file", () => {
  it.each([
    ["X25519", generateX25519Identity],
    ["post-quantum", generateHybridIdentity],
  ])(
    "opens with its %s identity and no other, 0600, with the hash that was said",
    async (name, generate) => {
      const identity = await generate();
      const path = join(folder, name);
      const written = await encryptFile(path, content(), [await identityToRecipient(identity)]);
      expect(statSync(path).mode & 0o777).toBe(0o600);
      expect(await hashFile(path)).toEqual(written);
      const opened = await read(path, identity);
      expect(opened).toHaveLength(CHUNKS * 10_000);
      expect(opened.at(-1)).toBe(CHUNKS - 1);
      await expect(read(path, await generate())).rejects.toMatchObject({ code: "wrong-identity" });
    },
  );

  it("is refused with a flipped bit anywhere, and when it is cut off", async () => {
    const identity = await generateX25519Identity();
    const path = join(folder, "whole");
    await encryptFile(path, content(), [await identityToRecipient(identity)]);
    const bytes = readFileSync(path);
    const broken = join(folder, "broken");
    for (const at of [0, 30, 60, 120, 250, 1000, 70_000, bytes.length - 1]) {
      const flipped = Buffer.from(bytes);
      flipped.writeUInt8(flipped.readUInt8(at) ^ 1, at);
      writeFileSync(broken, flipped);
      await expect(read(broken, identity)).rejects.toMatchObject({
        code: expect.stringMatching(/^(damaged|wrong-identity)$/),
      });
    }
    for (const end of [10, 150, 300, 65_000, bytes.length - 1]) {
      writeFileSync(broken, bytes.subarray(0, end));
      await expect(read(broken, identity)).rejects.toMatchObject({ code: "damaged" });
    }
  });

  it("does not take the place of another one", async () => {
    const path = join(folder, "taken");
    writeFileSync(path, "mine");
    const recipient = await identityToRecipient(await generateX25519Identity());
    await expect(encryptFile(path, content(), [recipient])).rejects.toMatchObject({
      code: "EEXIST",
    });
    expect(readFileSync(path, "utf8")).toBe("mine");
  });
});

describe("recipients and identities", () => {
  it("are refused when they are none, or would make a strong key as weak as another", async () => {
    const weak = await identityToRecipient(await generateX25519Identity());
    const strong = await identityToRecipient(await generateHybridIdentity());
    expect(() => readRecipients(["age1nonsense"])).toThrow(InputError);
    expect(() => readRecipients([weak, strong])).toThrow(InputError);
    expect(readRecipients([weak, ` ${weak} `])).toEqual([weak]);
  });

  it("are read from a file in the form of age-keygen, with the key that signs the backups", async () => {
    const identity = await generateHybridIdentity();
    const recipient = await identityToRecipient(identity);
    const path = join(folder, "identity.txt");
    writeFileSync(path, identityText({ identity, recipient, signer: "ab".repeat(32) }));
    expect(readIdentities(path)).toEqual({ identities: [identity], signer: "ab".repeat(32) });
    writeFileSync(path, `# created: today\r\n${identity}\r\n`);
    expect(readIdentities(path)).toEqual({ identities: [identity], signer: null });
    writeFileSync(path, "nothing");
    expect(() => readIdentities(path)).toThrow(InputError);
    expect(() => readIdentities(join(folder, "missing"))).toThrow(InputError);
  });
});
