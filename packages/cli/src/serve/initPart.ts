import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

import { stringify } from "yaml";
import type { z } from "zod";

import { InputError, UsageError } from "../inputError.ts";
import { ensureInstallationCode } from "../start/installationCode.ts";
import { makePrivateFolder } from "../start/privateFolder.ts";
import { ensureSecretFile, type SecretUse } from "../start/secretFile.ts";
import { seedToPublicKey } from "../start/serviceSecrets.ts";
import { databaseScript } from "./databaseScript.ts";
import { serveConfigShape, type Part } from "./serveConfig.ts";

/** What a part is made of; paths as they are meant from here. */
export interface PartPlan {
  readonly part: Part;
  /** A folder that is not there, or empty. */
  readonly out: string;
  readonly listen: string;
  readonly origins: readonly string[];
  readonly tls?: { readonly certificate: string; readonly key: string };
  /** `HOST[:PORT]/NAME`; a host that begins with `/` is the folder of a socket. */
  readonly database: string;
  readonly databaseCa?: string;
  /** Of a vault. */
  readonly gateKey?: string;
  /** Of the app. */
  readonly services?: { readonly who: string; readonly what: string; readonly gate: string };
}

/** What came of it. */
export interface MadePart {
  readonly config: string;
  /** The service's public key in hexadecimal; null: it has none. */
  readonly publicKey: string | null;
  /** The script that makes its database; null: it has none. */
  readonly script: string | null;
  /** Where the code is that founds a practice; null: only the gate has it. */
  readonly installationCode: string | null;
}

const KEY: SecretUse = { bytes: 32, mayMake: true };
const PASSWORD: SecretUse = { bytes: 24, mayMake: true };
const DATABASE = /^(\/[^:]+|\[[0-9a-f:.]+\]|[^:/]+)(?::(\d{1,5}))?\/([^/]+)$/;
const SECRETS = "secrets";

function readDatabase(text: string): { host: string; port: number; name: string } {
  const [, host, port = "5432", name] = DATABASE.exec(text) ?? [];
  if (host === undefined || name === undefined)
    throw new UsageError("--database: HOST[:PORT]/NAME, or /FOLDER-OF-A-SOCKET[:PORT]/NAME");
  return { host: host.replaceAll(/[[\]]/g, ""), port: Number(port), name };
}

function databasePart({ database, databaseCa }: PartPlan): object {
  const tls = databaseCa === undefined ? {} : { tls: { ca: resolve(databaseCa) } };
  return {
    ...readDatabase(database),
    ownerPassword: `${SECRETS}/owner.password`,
    appPassword: `${SECRETS}/app.password`,
    posturePassword: `${SECRETS}/posture.password`,
    ...(databaseCa === undefined ? {} : { sslmode: "verify-full" }),
    ...tls,
  };
}

/** The configuration, its secrets beside it. */
function configOf(plan: PartPlan): z.input<typeof serveConfigShape> {
  const { part, listen, tls, origins } = plan;
  const files = tls && { certificate: resolve(tls.certificate), key: resolve(tls.key) };
  const common = { part, listen, ...(files === undefined ? {} : { tls: files }) };
  if (part === "app") {
    const site = { origin: origins[0], services: plan.services };
    return { ...common, ...site } as z.input<typeof serveConfigShape>;
  }
  const service = `${SECRETS}/service.key`;
  const own =
    part === "gate"
      ? {
          keys: { service, encryption: `${SECRETS}/kek.key`, lookup: `${SECRETS}/lookup.key` },
          installationCode: `${SECRETS}/installation.code`,
        }
      : { gateKey: plan.gateKey, keys: { service } };
  const metricsToken = `${SECRETS}/metrics.token`;
  const whole = { ...common, origins, metricsToken, database: databasePart(plan), ...own };
  return whole as z.input<typeof serveConfigShape>;
}

/** Refuses what `serve` would refuse, before anything is made. */
function checkPlan(plan: PartPlan): void {
  if (existsSync(plan.out) && readdirSync(plan.out).length > 0)
    throw new UsageError("--out: the folder is not empty, and keys are never replaced");
  const { error } = serveConfigShape.safeParse(configOf(plan));
  if (error === undefined) return;
  const fields = error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
  throw new InputError(`serve init ${plan.part}`, "this makes no configuration", { fields });
}

function makeSecrets(plan: PartPlan, secrets: string): Omit<MadePart, "config"> {
  const { part, out } = plan;
  makePrivateFolder(secrets, undefined);
  const ownerPassword = ensureSecretFile(join(secrets, "owner.password"), PASSWORD);
  const appPassword = ensureSecretFile(join(secrets, "app.password"), PASSWORD);
  const posturePassword = ensureSecretFile(join(secrets, "posture.password"), PASSWORD);
  ensureSecretFile(join(secrets, "metrics.token"), KEY);
  const publicKey = seedToPublicKey(ensureSecretFile(join(secrets, "service.key"), KEY));
  const script = join(out, "database.sql");
  const { name: database } = readDatabase(plan.database);
  writeFileSync(script, databaseScript({ database, ownerPassword, appPassword, posturePassword }), {
    mode: 0o600,
  });
  if (part !== "gate") return { publicKey, script, installationCode: null };
  for (const name of ["kek.key", "lookup.key"]) ensureSecretFile(join(secrets, name), KEY);
  const installationCode = join(secrets, "installation.code");
  ensureInstallationCode(installationCode, { mayMake: true });
  return { publicKey, script, installationCode };
}

const HEAD =
  "# For `sinetti serve`; paths are as seen from this folder. Every field: docs/operating.md\n";

/** Makes the keys of a part, its configuration, and the script that makes its database. Errors: UsageError, InputError. */
export function initPart(given: PartPlan): MadePart {
  const plan = { ...given, out: resolve(given.out) };
  checkPlan(plan);
  makePrivateFolder(plan.out, undefined);
  const config = join(plan.out, `${plan.part}.yaml`);
  const made =
    plan.part === "app"
      ? { publicKey: null, script: null, installationCode: null }
      : makeSecrets(plan, join(plan.out, SECRETS));
  // Last: a configuration that is there has all that it names.
  writeFileSync(config, `${HEAD}${stringify(configOf(plan))}`, { mode: 0o600 });
  return { config, ...made };
}
