import { X509Certificate, createPrivateKey } from "node:crypto";
import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

import { changeFault } from "../input/changeFault.ts";
import { InputError } from "../inputError.ts";
import { readDeclaredPolicy } from "../posture/declaredPolicy.ts";
import type { ServeConfig, ServiceConfig } from "./serveConfig.ts";

const OTHERS = 0o007;
const GROUP_WRITES = 0o020;
const GROUP_AND_OTHERS = 0o077;
const KEY = /^[0-9a-f]{64}$/;
const PASSWORD = /^[\x21-\x7e]{16,1024}$/;

function read(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}

/** Why a secret file is not taken; null: it is private to this account. One of root's may be open to the account's group. */
export function privacyFault(
  path: string,
  account: number | undefined = process.getuid?.(),
): string | null {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) return `${path} is not there`;
  if (!found.isFile()) return `${path} is not a regular file`;
  const isHanded = found.uid === 0 && account !== 0;
  if (account !== undefined && found.uid !== account && !isHanded)
    return `${path} belongs to another account, which reads and changes it as it likes: chown it`;
  const closed = isHanded ? OTHERS | GROUP_WRITES : GROUP_AND_OTHERS;
  if ((found.mode & closed) !== 0) return `${path} can be read by others: chmod 600 it`;
  return read(path) === null ? `${path} cannot be read` : null;
}

/** Why a secret file is not taken: it is open, or does not hold what it should. */
function secretFault(
  path: string,
  isRight: (text: string) => boolean,
  what: string,
): string | null {
  const fault = privacyFault(path);
  if (fault !== null) return fault;
  return isRight((read(path) ?? "").trim()) ? null : `${path} does not hold ${what}`;
}

function parseCertificate(path: string): X509Certificate | null {
  try {
    return new X509Certificate(read(path) ?? "");
  } catch {
    return null;
  }
}

/** Why a certificate with its key is not taken now. */
export function pairFault({
  certificate,
  key,
}: {
  certificate: string;
  key: string;
}): string | null {
  const parsed = parseCertificate(certificate);
  if (parsed === null) return `${certificate} is no certificate in PEM`;
  if (parsed.validToDate.getTime() < Date.now())
    return `${certificate} ended on ${parsed.validToDate.toISOString().slice(0, 10)}`;
  if (parsed.validFromDate.getTime() > Date.now())
    return `${certificate} begins on ${parsed.validFromDate.toISOString().slice(0, 10)}`;
  const fault = privacyFault(key);
  if (fault !== null) return fault;
  try {
    if (parsed.checkPrivateKey(createPrivateKey(read(key) ?? ""))) return null;
  } catch {
    return `${key} is no private key in PEM without a passphrase`;
  }
  return `${key} is not the key of ${certificate}`;
}

/** Why a declared policy is not taken: it cannot be read or is none, or somebody else may change it and so decide what is a fault. */
function policyFault(path: string): string | null {
  const fault = changeFault(path);
  if (fault !== null) return fault;
  try {
    readDeclaredPolicy(path);
    return null;
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return [error.message, ...error.fields].join("; ");
  }
}

type Found = readonly (readonly [field: string, fault: string | null])[];

function serviceFaults(config: ServiceConfig): Found {
  const { database } = config;
  const isKey = (text: string): boolean => KEY.test(text);
  const password = (path: string): string | null =>
    secretFault(path, (text) => PASSWORD.test(text), "a password of 16 or more characters");
  const { ca, certificate, key } = database.tls ?? {};
  return [
    ...Object.entries(config.keys).map(
      ([name, path]) =>
        [`keys.${name}`, secretFault(path, isKey, "64 hexadecimal digits")] as const,
    ),
    [
      "metricsToken",
      config.metricsToken === undefined
        ? null
        : secretFault(config.metricsToken, isKey, "64 hexadecimal digits"),
    ],
    ["posture.policy", config.posture === undefined ? null : policyFault(config.posture.policy)],
    ["database.ownerPassword", password(database.ownerPassword)],
    ["database.appPassword", password(database.appPassword)],
    ["database.posturePassword", password(database.posturePassword)],
    [
      "database.tls.ca",
      ca === undefined || parseCertificate(ca) !== null ? null : `${ca} is no certificate in PEM`,
    ],
    [
      "database.tls.certificate",
      certificate === undefined || key === undefined ? null : pairFault({ certificate, key }),
    ],
    ...(config.part === "gate" && statSync(config.installationCode, { throwIfNoEntry: false })
      ? [["installationCode", privacyFault(config.installationCode)] as const]
      : []),
  ];
}

/** Why a folder is no web client that was built. */
function siteFault(folder: string | undefined): string | null {
  const isBuilt = folder === undefined || existsSync(join(folder, "index.html"));
  return isBuilt ? null : `${folder} is no folder of \`sinetti client build\``;
}

/** What is wrong with the files that a configuration names, each with its field. */
export function findFileFaults(config: ServeConfig): string[] {
  const found: Found = [
    ["tls", config.tls === undefined ? null : pairFault(config.tls)],
    ...(config.part === "app"
      ? [["site", siteFault(config.site)] as const]
      : serviceFaults(config)),
  ];
  return found.flatMap(([field, fault]) => (fault === null ? [] : [`${field}: ${fault}`]));
}
