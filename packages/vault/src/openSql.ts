import { readFileSync } from "node:fs";

import postgres from "postgres";

import { readSecretFile } from "./secretFile.ts";
import type { Sql } from "./store/transaction.ts";

type Options = postgres.Options<Record<string, never>>;

/**
 * TLS 1.3 with a checked certificate and name. `sslrootcert` names the file of who may have signed it, `sslcert` and `sslkey`
 * those of a client certificate, as libpq has them.
 */
function tlsOf(host: string, parameters: URLSearchParams): object {
  const read = (name: string): Buffer | undefined => {
    const path = parameters.get(name);
    return path === null ? undefined : readFileSync(path);
  };
  const keyFile = parameters.get("sslkey");
  const key = keyFile === null ? null : readSecretFile(keyFile);
  if (key !== null && "fault" in key) throw new TypeError(`sslkey: the file is ${key.fault}`);
  const [ca, cert] = [read("sslrootcert"), read("sslcert")];
  return {
    // Of an address, too: the driver names none to the check, which would look for "localhost" then.
    host,
    minVersion: "TLSv1.3",
    rejectUnauthorized: true,
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined || key === null ? {} : { cert, key: `${key.text}\n` }),
  };
}

/** The parts of `postgres://ROLE:PASSWORD@HOST/DATABASE?host=FOLDER-OF-A-SOCKET`, the form that libpq takes too. */
function toOptions(text: string): Options {
  const url = new URL(text);
  const host = (url.searchParams.get("host") ?? url.hostname).replaceAll(/[[\]]/g, "");
  const isLocal = host.startsWith("/") || ["localhost", "127.0.0.1", "::1"].includes(host);
  const isPlain = host.startsWith("/") || (isLocal && !url.searchParams.has("sslmode"));
  return {
    host,
    port: Number(url.port || 5432),
    user: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
    database: decodeURIComponent(url.pathname.slice(1)),
    ...(isPlain ? {} : { ssl: tlsOf(host, url.searchParams) }),
  };
}

/**
 * Opens connections; `onQuery` sees each statement, for counting. `onLost` is called when the database ends a connection:
 * the driver can leave what was under way on it waiting for ever, so whoever serves requests should end then.
 */
export function openSql(
  url: string,
  options: { max?: number; onQuery?: (text: string) => void; onLost?: () => void } = {},
): Sql {
  const { max = 10, onQuery, onLost } = options;
  return postgres({
    ...toOptions(url),
    max,
    max_lifetime: null,
    onnotice: () => undefined,
    connection: { application_name: "sinetti-vault" },
    ...(onLost === undefined ? {} : { onclose: onLost }),
    ...(onQuery === undefined ? {} : { debug: (_, text) => onQuery(text) }),
  });
}
