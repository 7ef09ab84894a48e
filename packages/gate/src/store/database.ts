import postgres from "postgres";

import { bytesToId, type AnyId } from "@sinetti/core";

/** The driver, as the application role. */
export type Sql = postgres.Sql;
/** One open transaction. */
export type Tx = postgres.TransactionSql;

const CONNECTIONS = 16;

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
  const host = url.searchParams.get("host") ?? url.hostname;
  const { debug, onLost } = options;
  return postgres({
    host,
    port: Number(url.port || 5432),
    user: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
    database: decodeURIComponent(url.pathname.slice(1)),
    ...(isLocal(host) ? {} : { ssl: "verify-full" as const }),
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
