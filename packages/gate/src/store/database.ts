import { readFileSync } from "node:fs";

import { bytesToId, type AnyId } from "@sinetti/core";
import postgres from "postgres";

import { readSecretFile } from "../secretFile.ts";

/** The driver, as the application role. */
export type Sql = postgres.Sql;
/** One open transaction. */
export type Tx = postgres.ISql;

const CONNECTIONS = 16;

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

/**
 * Opens the pool of a URL in the form that libpq takes too: `host` may be a parameter, the folder of a unix socket,
 * which the driver by itself would read as a server setting. `onLost` is called when the database ends a connection: the
 * driver can leave what was under way on it waiting for ever, so whoever serves requests should end then.
 */
export function openDatabase(
  text: string,
  options: { max?: number; debug?: (query: string) => void; onLost?: () => void } = {},
): Sql {
  const url = new URL(text);
  const host = (url.searchParams.get("host") ?? url.hostname).replaceAll(/[[\]]/g, "");
  const isPlain = host.startsWith("/") || (isLocal(host) && !url.searchParams.has("sslmode"));
  const { debug, onLost } = options;
  return postgres({
    host,
    port: Number(url.port || 5432),
    user: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
    database: decodeURIComponent(url.pathname.slice(1)),
    ...(isPlain ? {} : { ssl: tlsOf(host, url.searchParams) }),
    max: options.max ?? CONNECTIONS,
    max_lifetime: null,
    onnotice: () => undefined,
    ...(onLost === undefined ? {} : { onclose: onLost }),
    ...(debug === undefined ? {} : { debug: (_connection: number, query: string) => debug(query) }),
  });
}

/** A unix socket or loopback: nothing that a network carries. */
export function isLocal(host: string): boolean {
  return host.startsWith("/") || ["localhost", "127.0.0.1", "::1", "[::1]"].includes(host);
}

/** An id that may be missing, from a row. */
export function toIdOrNull<I extends AnyId>(bytes: Uint8Array | null): I | null {
  return bytes === null ? null : bytesToId<I>(bytes);
}

const OID = { bytea: 17, int8: 20, int2: 21, text: 25, bool: 16 } as const;

/** One column of rows, to be unnested. */
export function column<T extends Uint8Array | number | string | boolean>(
  tx: Tx,
  type: keyof typeof OID,
  values: readonly (T | null)[],
): ReturnType<Tx["array"]> {
  return tx.array(values as T[], OID[type]);
}
