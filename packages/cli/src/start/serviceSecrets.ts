import { createPrivateKey, createPublicKey } from "node:crypto";
import { join } from "node:path";

import type { ServiceFolder } from "./dataFolder.ts";
import { ensureInstallationCode } from "./installationCode.ts";
import { ensureSecretFile } from "./secretFile.ts";

const KEY_BYTES = 32;
const PASSWORD_BYTES = 24;
/** RFC 8410 §7: everything of a PKCS #8 Ed25519 key that comes before the seed. */
const PKCS8_PREFIX = "302e020100300506032b657004220420";
const RAW_KEY_BYTES = 32;

export interface ServiceSecrets {
  readonly superPassword: string;
  readonly ownerPassword: string;
  readonly appPassword: string;
  /** Of the role that looks. */
  readonly posturePassword: string;
  readonly keyFile: string;
  /** Ed25519, 32 bytes in hexadecimal. */
  readonly publicKey: string;
}

/** The public half of an Ed25519 seed, both in hexadecimal. */
export function seedToPublicKey(seed: string): string {
  const key = createPrivateKey({
    key: Buffer.from(PKCS8_PREFIX + seed, "hex"),
    format: "der",
    type: "pkcs8",
  });
  const spki = createPublicKey(key).export({ format: "der", type: "spki" });
  return spki.subarray(-RAW_KEY_BYTES).toString("hex");
}

/** The secrets that every service has, made at the first start. */
export function ensureServiceSecrets({ secrets: folder, isNew }: ServiceFolder): ServiceSecrets {
  const password = (name: string): string =>
    ensureSecretFile(join(folder, `${name}.password`), { bytes: PASSWORD_BYTES, mayMake: isNew });
  const keyFile = join(folder, "service.key");
  return {
    superPassword: password("superuser"),
    ownerPassword: password("owner"),
    appPassword: password("app"),
    // It protects nothing, and every start sets it: an older folder has none yet.
    posturePassword: ensureSecretFile(join(folder, "posture.password"), {
      bytes: PASSWORD_BYTES,
      mayMake: true,
    }),
    keyFile,
    publicKey: seedToPublicKey(ensureSecretFile(keyFile, { bytes: KEY_BYTES, mayMake: isNew })),
  };
}

/** Where the gate finds what it has besides. */
export type GateEnvironment = Readonly<
  Record<"SINETTI_KEK_FILE" | "SINETTI_LOOKUP_KEY_FILE" | "SINETTI_INSTALLATION_CODE_FILE", string>
>;

/** The files of a gate's folder of secrets; nothing is made here. */
export function gateEnvironment({ secrets }: Pick<ServiceFolder, "secrets">): GateEnvironment {
  return {
    SINETTI_KEK_FILE: join(secrets, "kek.key"),
    SINETTI_LOOKUP_KEY_FILE: join(secrets, "lookup.key"),
    SINETTI_INSTALLATION_CODE_FILE: join(secrets, "installation.code"),
  };
}

/** The same, with what is missing made at the first start. */
export function ensureGateSecrets(folder: ServiceFolder): GateEnvironment {
  const files = gateEnvironment(folder);
  const { isNew } = folder;
  for (const path of [files.SINETTI_KEK_FILE, files.SINETTI_LOOKUP_KEY_FILE])
    ensureSecretFile(path, { bytes: KEY_BYTES, mayMake: isNew });
  ensureInstallationCode(files.SINETTI_INSTALLATION_CODE_FILE, { mayMake: isNew });
  return files;
}
