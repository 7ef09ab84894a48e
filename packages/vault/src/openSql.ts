import postgres from "postgres";

import type { Sql } from "./store/transaction.ts";

/** The parts of `postgres://ROLE:PASSWORD@HOST/DATABASE?host=FOLDER-OF-A-SOCKET`, the form that libpq takes too. */
function toOptions(text: string): postgres.Options<Record<string, never>> {
  const url = new URL(text);
  return {
    host: url.searchParams.get("host") ?? url.hostname,
    port: Number(url.port || 5432),
    user: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
    database: decodeURIComponent(url.pathname.slice(1)),
    ...(url.searchParams.get("sslmode") === null ? {} : { ssl: "verify-full" as const }),
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
