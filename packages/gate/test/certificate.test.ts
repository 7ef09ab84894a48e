import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { TestAuthority } from "../../../tools/testCertificate.ts";
import { readCertificate } from "../src/certificate.ts";

let folder: string;
let authority: TestAuthority;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "sinetti-certificate-"));
  authority = new TestAuthority(folder);
});
afterAll(() => rmSync(folder, { recursive: true }));

function otherKey(name: string, key: ReturnType<typeof generateKeyPairSync>["privateKey"]): string {
  const file = join(folder, name);
  writeFileSync(file, key.export({ format: "pem", type: "pkcs8" }), { mode: 0o600 });
  return file;
}

describe("a certificate", () => {
  test("with its key is served by TLS 1.3 alone", () => {
    const files = authority.issue("good", ["gate.example.org"]);
    expect(readCertificate(files)).toMatchObject({ minVersion: "TLSv1.3" });
  });

  test("whose key was not renewed with it is refused, also when the keys are of two kinds", () => {
    const { certificate } = authority.issue("half", ["gate.example.org"]);
    const { key: another } = authority.issue("another", ["gate.example.org"]);
    const kinds = {
      ofAnother: another,
      rsa: otherKey("rsa.key", generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey),
      ed25519: otherKey("ed.key", generateKeyPairSync("ed25519").privateKey),
    };
    for (const key of Object.values(kinds))
      expect(() => readCertificate({ certificate, key })).toThrow(/is not its key's/);
  });

  test("that is over is not taken in the place of one that may hold", () => {
    const files = authority.issue("over", ["gate.example.org"], { days: -1 });
    expect(() => readCertificate(files)).toThrow(/is over/);
  });
});
