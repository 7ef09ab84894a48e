import { readFileSync } from "node:fs";
import { createSecureContext, type SecureContextOptions } from "node:tls";

import { readSecretFile } from "./secretFile.ts";

/** Where the certificate with its chain is, and its private key; PEM. */
export interface CertificateFiles {
  readonly certificate: string;
  readonly key: string;
}

/** A certificate that cannot be served with. */
export class CertificateError extends Error {
  override readonly name = "CertificateError";
  readonly code = "certificate";
}

/** What a server needs of a certificate; TLS 1.3 and nothing older. Error: CertificateError. */
export function readCertificate({ certificate, key }: CertificateFiles): SecureContextOptions {
  const secret = readSecretFile(key);
  if ("fault" in secret)
    throw new CertificateError(`the key of the certificate is ${secret.fault}`);
  const options = { minVersion: "TLSv1.3" as const, key: `${secret.text}\n` };
  try {
    const whole = { ...options, cert: readFileSync(certificate) };
    createSecureContext(whole);
    return whole;
  } catch (cause) {
    throw new CertificateError("the certificate cannot be read, or is not its key's", { cause });
  }
}
