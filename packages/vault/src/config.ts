import { hexToBytes, toSignPublicKey } from "@sinetti/core";
import { signKeyFromSeed } from "@sinetti/core/service";
import { z } from "zod";

import type { CertificateFiles } from "./certificate.ts";
import { readSecretFile } from "./secretFile.ts";
import type { VaultDeps } from "./vault.ts";

const KEY = /^[0-9a-f]{64}$/;
const LISTEN = /^(\[[0-9a-f:.]+\]|[^:\s]+):(\d{1,5})$/;

const environment = z.object({
  SINETTI_SERVICE: z.enum(["who", "what"]),
  SINETTI_LISTEN: z.string().regex(LISTEN),
  SINETTI_DATABASE_URL: z.string().startsWith("postgres://"),
  SINETTI_OWNER_URL: z.string().startsWith("postgres://"),
  SINETTI_DATABASE_PASSWORD_FILE: z.string().min(1).optional(),
  SINETTI_OWNER_PASSWORD_FILE: z.string().min(1).optional(),
  SINETTI_KEY_FILE: z.string().min(1),
  SINETTI_GATE_KEY: z.string().regex(KEY),
  SINETTI_ORIGINS: z.string(),
  SINETTI_METRICS_TOKEN_FILE: z.string().min(1).optional(),
  SINETTI_POSTURE_FILE: z.string().min(1).optional(),
  SINETTI_TLS_CERTIFICATE_FILE: z.string().min(1).optional(),
  SINETTI_TLS_KEY_FILE: z.string().min(1).optional(),
  SINETTI_MIGRATE: z.enum(["always", "empty"]).optional(),
  SINETTI_ENDS_WITH_INPUT: z.literal("yes").optional(),
});
type Environment = z.infer<typeof environment>;

export interface Config {
  readonly service: "who" | "what";
  readonly listen: { readonly hostname: string; readonly port: number };
  readonly databaseUrl: string;
  readonly ownerUrl: string;
  readonly keys: VaultDeps["keys"];
  readonly origins: readonly string[];
  /** What opens `/metrics`; null: being on this machine. */
  readonly metricsToken: string | null;
  /** Where the launcher says what it found of the database; null: it does not. */
  readonly postureFile: string | null;
  /** Null: plain HTTP. */
  readonly certificate: CertificateFiles | null;
  /** Only an empty database is made what this program needs; one with older tables is refused. */
  readonly migratesOnlyEmpty: boolean;
  /** Standard input is held by whoever started this; it ends when they do. */
  readonly endsWithInput: boolean;
}

export class ConfigError extends Error {
  override readonly name = "ConfigError";
  readonly code = "setting";
}

function readSecret(path: string, setting: string): string {
  const read = readSecretFile(path);
  if ("fault" in read) throw new ConfigError(`${setting}: the file is ${read.fault}`);
  return read.text;
}

/** The public half of the seed in the file; a vault signs nothing, so the seed is not kept. */
function readPublicKey(path: string): VaultDeps["keys"]["service"] {
  const seed = readSecret(path, "SINETTI_KEY_FILE");
  if (!KEY.test(seed)) throw new ConfigError("SINETTI_KEY_FILE does not hold a seed");
  return signKeyFromSeed(hexToBytes(seed)).publicKey;
}

function readToken(path: string | undefined): string | null {
  if (path === undefined) return null;
  const text = readSecret(path, "SINETTI_METRICS_TOKEN_FILE");
  if (!KEY.test(text))
    throw new ConfigError("SINETTI_METRICS_TOKEN_FILE does not hold 32 bytes in hexadecimal");
  return text;
}

/** The address of a database with the password from its file, which no list of processes shows. */
function withPassword(text: string, file: string | undefined, setting: string): string {
  if (file === undefined) return text;
  const url = new URL(text);
  url.password = encodeURIComponent(readSecret(file, setting));
  return url.href;
}

function readCertificateFiles(data: Environment): CertificateFiles | null {
  const { SINETTI_TLS_CERTIFICATE_FILE: certificate, SINETTI_TLS_KEY_FILE: key } = data;
  if ((certificate === undefined) !== (key === undefined))
    throw new ConfigError("SINETTI_TLS_CERTIFICATE_FILE and SINETTI_TLS_KEY_FILE go together");
  return certificate === undefined || key === undefined ? null : { certificate, key };
}

/** Settings from the environment alone; whatever is missing or wrong is named. */
export function readConfig(variables: Record<string, string | undefined>): Config {
  const parsed = environment.safeParse(variables);
  if (!parsed.success) {
    const names = parsed.error.issues.map((issue) => issue.path.join("."));
    throw new ConfigError(`missing or wrong: ${names.join(", ")}`);
  }
  const { data } = parsed;
  const [, hostname = "", port = ""] = LISTEN.exec(data.SINETTI_LISTEN) ?? [];
  const database = [data.SINETTI_DATABASE_PASSWORD_FILE, "SINETTI_DATABASE_PASSWORD_FILE"] as const;
  const owner = [data.SINETTI_OWNER_PASSWORD_FILE, "SINETTI_OWNER_PASSWORD_FILE"] as const;
  return {
    service: data.SINETTI_SERVICE,
    listen: { hostname, port: Number(port) },
    databaseUrl: withPassword(data.SINETTI_DATABASE_URL, ...database),
    ownerUrl: withPassword(data.SINETTI_OWNER_URL, ...owner),
    keys: {
      service: readPublicKey(data.SINETTI_KEY_FILE),
      gate: toSignPublicKey(hexToBytes(data.SINETTI_GATE_KEY)),
    },
    origins: data.SINETTI_ORIGINS.split(",").filter((origin) => origin !== ""),
    metricsToken: readToken(data.SINETTI_METRICS_TOKEN_FILE),
    postureFile: data.SINETTI_POSTURE_FILE ?? null,
    certificate: readCertificateFiles(data),
    migratesOnlyEmpty: data.SINETTI_MIGRATE === "empty",
    endsWithInput: data.SINETTI_ENDS_WITH_INPUT === "yes",
  };
}
