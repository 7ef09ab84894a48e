import { hexToBytes } from "@sinetti/core";
import { gateEncryptionKey, gateLookupKey, signKeyFromSeed } from "@sinetti/core/service";
import { z } from "zod";

import type { CertificateFiles } from "./certificate.ts";
import type { GateKeys } from "./gate.ts";
import { readSecretFile } from "./secretFile.ts";

/** A setting that is missing or wrong; says which, never what stands in it. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
  readonly code: "setting" | "secret-missing" | "secret-open" | "secret-unreadable";
  constructor(code: ConfigError["code"], what: string) {
    super(`${MESSAGES[code]}: ${what}`);
    this.code = code;
  }
}
const MESSAGES = {
  setting: "a setting is missing or wrong",
  "secret-missing": "a secret file is missing",
  "secret-open": "a secret file can be read by others; chmod 600 it",
  "secret-unreadable": "a secret file does not hold 32 bytes in hexadecimal",
} as const;

const LISTEN = /^(\[[0-9a-f:.]+\]|[^:\s]+):(\d{1,5})$/;
const filePath = z.string().min(1);
const databaseUrl = z.string().regex(/^postgres(?:ql)?:\/\//);
const environment = z.object({
  SINETTI_SERVICE: z.literal("gate"),
  SINETTI_LISTEN: z
    .string()
    .regex(LISTEN)
    .transform((text) => {
      const [, hostname = "", port = ""] = LISTEN.exec(text) ?? [];
      return { hostname, port: Number(port) };
    }),
  SINETTI_DATABASE_URL: databaseUrl,
  SINETTI_OWNER_URL: databaseUrl,
  SINETTI_DATABASE_PASSWORD_FILE: filePath.optional(),
  SINETTI_OWNER_PASSWORD_FILE: filePath.optional(),
  SINETTI_KEY_FILE: filePath,
  SINETTI_KEK_FILE: filePath,
  SINETTI_LOOKUP_KEY_FILE: filePath,
  SINETTI_INSTALLATION_CODE_FILE: filePath,
  SINETTI_ORIGINS: z
    .string()
    .transform((text) => text.split(",").filter((origin) => origin !== "")),
  /** Holds 32 bytes in hexadecimal; without it only this machine reads the numbers. */
  SINETTI_METRICS_TOKEN_FILE: filePath.optional(),
  /** Where the launcher says what it found of the database. */
  SINETTI_POSTURE_FILE: filePath.optional(),
  SINETTI_TLS_CERTIFICATE_FILE: filePath.optional(),
  SINETTI_TLS_KEY_FILE: filePath.optional(),
  /** `empty`: a database that holds tables of an older version is refused. */
  SINETTI_MIGRATE: z.enum(["always", "empty"]).optional(),
  /** Standard input is held by whoever started the gate; it ends when they do. */
  SINETTI_ENDS_WITH_INPUT: z.literal("yes").optional(),
});
/** The settings of the gate; they come from the environment alone. */
export type Config = z.infer<typeof environment>;

function readSecret(path: string): string {
  const read = readSecretFile(path);
  if (!("fault" in read)) return read.text;
  throw new ConfigError(read.fault === "missing" ? "secret-missing" : "secret-open", path);
}

/** The address of a database with the password from its file, which no list of processes shows. */
function withPassword(text: string, file: string | undefined): string {
  if (file === undefined) return text;
  const url = new URL(text);
  url.password = encodeURIComponent(readSecret(file));
  return url.href;
}

/** Reads the settings. Errors: `setting`, `secret-missing`, `secret-open`. */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  const parsed = environment.safeParse(env);
  if (!parsed.success) {
    const names = parsed.error.issues.map(({ path }) => path.join("."));
    throw new ConfigError("setting", names.join(", "));
  }
  const { data } = parsed;
  const { SINETTI_DATABASE_URL, SINETTI_OWNER_URL } = data;
  return {
    ...data,
    SINETTI_DATABASE_URL: withPassword(SINETTI_DATABASE_URL, data.SINETTI_DATABASE_PASSWORD_FILE),
    SINETTI_OWNER_URL: withPassword(SINETTI_OWNER_URL, data.SINETTI_OWNER_PASSWORD_FILE),
  };
}

/** Where the certificate is; null: plain HTTP. Error: `setting`. */
export function certificateOf({
  SINETTI_TLS_CERTIFICATE_FILE: certificate,
  SINETTI_TLS_KEY_FILE: key,
}: Config): CertificateFiles | null {
  if (certificate !== undefined && key !== undefined) return { certificate, key };
  if (certificate === undefined && key === undefined) return null;
  throw new ConfigError("setting", "SINETTI_TLS_CERTIFICATE_FILE, SINETTI_TLS_KEY_FILE");
}

function readHex(path: string): string {
  const text = readSecret(path);
  if (!/^[0-9a-f]{64}$/.test(text)) throw new ConfigError("secret-unreadable", path);
  return text;
}

const readKey = (path: string): Uint8Array => hexToBytes(readHex(path));

/** What opens `/metrics`; null: being on this machine. Errors: `secret-missing`, `secret-open`, `secret-unreadable`. */
export function readMetricsToken({ SINETTI_METRICS_TOKEN_FILE: path }: Config): string | null {
  return path === undefined ? null : readHex(path);
}

/** Reads the three secrets; the suite is loaded. Errors: `secret-missing`, `secret-open`, `secret-unreadable`. */
export function readKeys(config: Config): GateKeys {
  return {
    service: signKeyFromSeed(readKey(config.SINETTI_KEY_FILE)),
    encryption: gateEncryptionKey(readKey(config.SINETTI_KEK_FILE)),
    lookup: gateLookupKey(readKey(config.SINETTI_LOOKUP_KEY_FILE)),
  };
}
