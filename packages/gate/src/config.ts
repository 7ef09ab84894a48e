import { readFileSync, statSync } from "node:fs";

import { hexToBytes } from "@sinetti/core";
import { gateEncryptionKey, gateLookupKey, signKeyFromSeed } from "@sinetti/core/service";
import { z } from "zod";

import type { GateKeys } from "./gate.ts";

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

const databaseUrl = z.string().regex(/^postgres(?:ql)?:\/\//);
const environment = z.object({
  SINETTI_SERVICE: z.literal("gate"),
  SINETTI_LISTEN: z
    .string()
    .regex(/^[^:\s]+:\d{1,5}$/)
    .transform((text) => {
      const at = text.lastIndexOf(":");
      return { host: text.slice(0, at), port: Number(text.slice(at + 1)) };
    }),
  SINETTI_DATABASE_URL: databaseUrl,
  SINETTI_OWNER_URL: databaseUrl,
  SINETTI_KEY_FILE: z.string().min(1),
  SINETTI_KEK_FILE: z.string().min(1),
  SINETTI_LOOKUP_KEY_FILE: z.string().min(1),
  SINETTI_INSTALLATION_CODE_FILE: z.string().min(1),
  SINETTI_ORIGINS: z
    .string()
    .transform((text) => text.split(",").filter((origin) => origin !== "")),
});
/** The settings of the gate; they come from the environment alone. */
export type Config = z.infer<typeof environment>;

/** Reads the settings. Error: `setting`. */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  const parsed = environment.safeParse(env);
  if (parsed.success) return parsed.data;
  const names = parsed.error.issues.map(({ path }) => path.join("."));
  throw new ConfigError("setting", names.join(", "));
}

function readSecret(path: string): Uint8Array {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) throw new ConfigError("secret-missing", path);
  if ((found.mode & 0o077) !== 0) throw new ConfigError("secret-open", path);
  const text = readFileSync(path, "utf8").trim();
  if (!/^[0-9a-f]{64}$/.test(text)) throw new ConfigError("secret-unreadable", path);
  return hexToBytes(text);
}

/** Reads the three secrets; the suite is loaded. Errors: `secret-missing`, `secret-open`, `secret-unreadable`. */
export function readKeys(config: Config): GateKeys {
  return {
    service: signKeyFromSeed(readSecret(config.SINETTI_KEY_FILE)),
    encryption: gateEncryptionKey(readSecret(config.SINETTI_KEK_FILE)),
    lookup: gateLookupKey(readSecret(config.SINETTI_LOOKUP_KEY_FILE)),
  };
}
