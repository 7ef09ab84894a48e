import {
  X509Certificate,
  createHash,
  generateKeyPairSync,
  randomBytes,
  sign,
  type KeyObject,
} from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { isIPv4 } from "node:net";
import { join } from "node:path";

/** Object identifiers, RFC 5280 and RFC 5758, as DER has them. */
const OID = {
  commonName: "0603550403",
  ecdsaSha256: "06082a8648ce3d040302",
  basicConstraints: "0603551d13",
  keyUsage: "0603551d0f",
  alternativeName: "0603551d11",
} as const;
const DAY_MS = 86_400_000;

function der(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(parts);
  const digits = body.length.toString(16);
  const long = Buffer.from(digits.padStart(digits.length + (digits.length % 2), "0"), "hex");
  const length = body.length < 0x80 ? [body.length] : [0x80 | long.length, ...long];
  return Buffer.concat([Buffer.from([tag, ...length]), body]);
}
const hex = (text: string): Buffer => Buffer.from(text, "hex");
const sequence = (...parts: readonly Uint8Array[]): Buffer => der(0x30, ...parts);
const nameOf = (text: string): Buffer =>
  sequence(der(0x31, sequence(hex(OID.commonName), der(0x0c, Buffer.from(text)))));
const timeOf = (at: number): Buffer =>
  der(0x18, Buffer.from(new Date(at).toISOString().replaceAll(/[-:T]|\.\d+/g, "")));
const extension = (oid: string, value: Uint8Array, isCritical = false): Buffer =>
  sequence(hex(oid), ...(isCritical ? [hex("0101ff")] : []), der(0x04, value));

function addressOf(name: string): Buffer {
  if (isIPv4(name)) return der(0x87, Buffer.from(name.split(".").map(Number)));
  return der(0x82, Buffer.from(name));
}

interface Signed {
  readonly subject: string;
  readonly publicKey: KeyObject;
  readonly extensions: readonly Buffer[];
  readonly days: number;
}

function signCertificate(
  { subject, publicKey, extensions, days }: Signed,
  by: { name: string; key: KeyObject },
): string {
  const algorithm = sequence(hex(OID.ecdsaSha256));
  const now = Date.now();
  const body = sequence(
    der(0xa0, hex("020102")),
    der(0x02, Buffer.from([1, ...randomBytes(8)])),
    algorithm,
    nameOf(by.name),
    sequence(timeOf(now - 2 * DAY_MS), timeOf(now + days * DAY_MS)),
    nameOf(subject),
    publicKey.export({ format: "der", type: "spki" }),
    der(0xa3, sequence(...extensions)),
  );
  const signature = sign("sha256", body, by.key);
  const whole = sequence(body, algorithm, der(0x03, Buffer.from([0]), signature));
  // No line may be empty: OpenSSL takes the rest for no certificate.
  const lines = whole.toString("base64").match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join("\n")}\n-----END CERTIFICATE-----\n`;
}

/** Where a certificate and its key are. */
export interface TestCertificate {
  readonly certificate: string;
  readonly key: string;
}

/** An authority of a test's own, and what it signs; files in PEM. */
export class TestAuthority {
  readonly #folder: string;
  readonly #name: string;
  readonly #key: KeyObject;
  /** Its own certificate. */
  readonly file: string;

  constructor(folder: string, name = "Test authority") {
    const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    this.#folder = folder;
    this.#name = name;
    this.#key = privateKey;
    this.file = join(folder, `${name.replaceAll(" ", "-")}.pem`);
    const extensions = [
      extension(OID.basicConstraints, sequence(hex("0101ff")), true),
      extension(OID.keyUsage, hex("03020106"), true),
    ];
    const signed = { subject: name, publicKey, extensions, days: 30 };
    writeFileSync(this.file, signCertificate(signed, { name, key: privateKey }));
  }

  /** A certificate for names and IPv4 addresses; `days` below zero: one that is over. */
  issue(file: string, names: readonly string[], { days = 30 } = {}): TestCertificate {
    const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const alternatives = sequence(...names.map(addressOf));
    const signed = {
      subject: names[0] ?? file,
      publicKey,
      extensions: [extension(OID.alternativeName, alternatives)],
      days,
    };
    const paths = {
      certificate: join(this.#folder, `${file}.pem`),
      key: join(this.#folder, `${file}.key`),
    };
    writeFileSync(paths.certificate, signCertificate(signed, { name: this.#name, key: this.#key }));
    const pem = privateKey.export({ format: "pem", type: "pkcs8" });
    writeFileSync(paths.key, pem, { mode: 0o600 });
    return paths;
  }
}

/** Hash of the key that a certificate is for, as Chromium is told of it. */
export function keyHash(certificate: string): string {
  const { publicKey } = new X509Certificate(readFileSync(certificate));
  const spki = publicKey.export({ format: "der", type: "spki" });
  return createHash("sha256").update(spki).digest("base64");
}
