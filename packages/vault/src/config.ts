import { readFileSync } from "node:fs";

import { hexToBytes, toSignPublicKey } from "@sinetti/core";
import { signKeyFromSeed } from "@sinetti/core/service";
import { z } from "zod";

import type { VaultDeps } from "./vault.ts";

const KEY = /^[0-9a-f]{64}$/;

const environment = z.object({
  SINETTI_SERVICE: z.enum(["who", "what"]),
  SINETTI_LISTEN: z.string().regex(/^[^:]+:\d{1,5}$/),
  SINETTI_DATABASE_URL: z.string().startsWith("postgres://"),
  SINETTI_OWNER_URL: z.string().startsWith("postgres://"),
  SINETTI_KEY_FILE: z.string().min(1),
  SINETTI_GATE_KEY: z.string().regex(KEY),
  SINETTI_ORIGINS: z.string(),
});

export interface Config {
  readonly service: "who" | "what";
  readonly listen: { readonly hostname: string; readonly port: number };
  readonly databaseUrl: string;
  readonly ownerUrl: string;
  readonly keys: VaultDeps["keys"];
  readonly origins: readonly string[];
}

export class ConfigError extends Error {
  override readonly name = "ConfigError";
}

/** The public half of the seed in the file; a vault signs nothing, so the seed is not kept. */
function readPublicKey(path: string): VaultDeps["keys"]["service"] {
  const seed = readFileSync(path, "utf8").trim();
  if (!KEY.test(seed)) throw new ConfigError("SINETTI_KEY_FILE does not hold a seed");
  return signKeyFromSeed(hexToBytes(seed)).publicKey;
}

/** Settings from the environment alone; whatever is missing or wrong is named. */
export function readConfig(variables: Record<string, string | undefined>): Config {
  const parsed = environment.safeParse(variables);
  if (!parsed.success) {
    const names = parsed.error.issues.map((issue) => issue.path.join("."));
    throw new ConfigError(`missing or wrong: ${names.join(", ")}`);
  }
  const { data } = parsed;
  const [hostname = "", port = ""] = data.SINETTI_LISTEN.split(":");
  return {
    service: data.SINETTI_SERVICE,
    listen: { hostname, port: Number(port) },
    databaseUrl: data.SINETTI_DATABASE_URL,
    ownerUrl: data.SINETTI_OWNER_URL,
    keys: {
      service: readPublicKey(data.SINETTI_KEY_FILE),
      gate: toSignPublicKey(hexToBytes(data.SINETTI_GATE_KEY)),
    },
    origins: data.SINETTI_ORIGINS.split(",").filter((origin) => origin !== ""),
  };
}
