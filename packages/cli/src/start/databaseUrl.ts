export interface DatabaseAddress {
  readonly socketDir: string;
  readonly role: string;
  /** Letters and digits only. */
  readonly password: string;
  readonly database: string;
}

/** The form that libpq takes too: the socket's folder is the parameter `host`, which goes before the host name. */
export function databaseUrl({ socketDir, role, password, database }: DatabaseAddress): string {
  return `postgres://${role}:${password}@localhost/${database}?host=${encodeURIComponent(socketDir)}`;
}

/** The driver reads `host` of a URL's parameters as a server setting, so it is taken out here. */
export function databaseUrlToOptions(databaseUrlText: string): {
  host: string;
  port: number;
  user: string;
  password: string;
  database: string;
} {
  const url = new URL(databaseUrlText);
  return {
    host: url.searchParams.get("host") ?? url.hostname,
    port: Number(url.port || 5432),
    user: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
    database: decodeURIComponent(url.pathname.slice(1)),
  };
}
