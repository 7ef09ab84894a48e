import { X509Certificate, createPrivateKey } from "node:crypto";
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

/** Two kinds of keys lie side by side in a context without a word, and then nobody gets in; so the pair is looked at by itself. */
function isPair(certificate: X509Certificate, key: string): boolean {
  return certificate.checkPrivateKey(createPrivateKey(key));
}

function isInTime({ validFromDate, validToDate }: X509Certificate, now: number): boolean {
  return validFromDate.getTime() <= now && now < validToDate.getTime();
}

/** What a server needs of a certificate that holds now; TLS 1.3 and nothing older. Error: CertificateError. */
export function readCertificate({ certificate, key }: CertificateFiles): SecureContextOptions {
  const secret = readSecretFile(key);
  if ("fault" in secret)
    throw new CertificateError(`the key of the certificate is ${secret.fault}`);
  const options = { minVersion: "TLSv1.3" as const, key: `${secret.text}\n` };
  let parsed: X509Certificate;
  let whole: SecureContextOptions;
  try {
    whole = { ...options, cert: readFileSync(certificate) };
    parsed = new X509Certificate(whole.cert as Buffer);
    if (!isPair(parsed, options.key)) throw new RangeError("another key");
    createSecureContext(whole);
  } catch (cause) {
    throw new CertificateError("the certificate cannot be read, or is not its key's", { cause });
  }
  if (!isInTime(parsed, Date.now()))
    throw new CertificateError("the certificate is over, or its time has not begun");
  return whole;
}
