import { readFileSync } from "node:fs";

import postgres from "postgres";

import type { DatabaseConfig } from "./serveConfig.ts";

/** As whom a part's database is entered. */
export type PartRole = "owner" | "posture";

const CONNECT_SECONDS = 10;
const ROLES = {
  owner: { user: "sinetti_owner", passwordFile: "ownerPassword" },
  posture: { user: "sinetti_posture", passwordFile: "posturePassword" },
} as const;

/** TLS 1.3 with a checked certificate and name; undefined: what goes there stays on this machine. */
function tlsOf({ host, sslmode, tls }: DatabaseConfig): object | undefined {
  if (sslmode !== "verify-full" || tls === undefined) return undefined;
  const { ca, certificate, key } = tls;
  return {
    // Of an address, too: the driver names none to the check, which would look for "localhost" then.
    host,
    minVersion: "TLSv1.3",
    rejectUnauthorized: true,
    ca: readFileSync(ca),
    ...(certificate === undefined || key === undefined
      ? {}
      : { cert: readFileSync(certificate), key: readFileSync(key) }),
  };
}

/** A connection to a part's database; nothing is asked of it yet. */
export function connectPart(
  database: DatabaseConfig,
  role: PartRole,
  options: { application: string },
): postgres.Sql {
  const { user, passwordFile } = ROLES[role];
  const ssl = tlsOf(database);
  return postgres({
    host: database.host,
    port: database.port,
    database: database.name,
    user,
    password: readFileSync(database[passwordFile], "utf8").trim(),
    ...(ssl === undefined ? {} : { ssl }),
    max: 1,
    prepare: false,
    // With `fetch_types: false` the driver never gives a connection that is reserved before it was used.
    max_lifetime: null,
    connect_timeout: CONNECT_SECONDS,
    connection: { application_name: options.application },
    onnotice: () => undefined,
  });
}
