import type { DatabaseConfig, ServiceConfig } from "./serveConfig.ts";

/** The address of a part's database in the form that libpq takes too, without a password. */
export function databaseAddress(database: DatabaseConfig, role: string): URL {
  const { host, port, name, sslmode, tls } = database;
  const isSocket = host.startsWith("/");
  const named = host.includes(":") ? `[${host}]` : host;
  const url = new URL(`postgres://${role}@${isSocket ? "localhost" : named}:${port}/${name}`);
  if (isSocket) url.searchParams.set("host", host);
  if (sslmode !== "verify-full" || tls === undefined) return url;
  url.searchParams.set("sslmode", sslmode);
  url.searchParams.set("sslrootcert", tls.ca);
  if (tls.certificate !== undefined) url.searchParams.set("sslcert", tls.certificate);
  if (tls.key !== undefined) url.searchParams.set("sslkey", tls.key);
  return url;
}

function ownOf(config: ServiceConfig): Record<string, string> {
  if (config.part !== "gate") return { SINETTI_GATE_KEY: config.gateKey };
  return {
    SINETTI_KEK_FILE: config.keys.encryption,
    SINETTI_LOOKUP_KEY_FILE: config.keys.lookup,
    SINETTI_INSTALLATION_CODE_FILE: config.installationCode,
  };
}

/** What the program of a service is told: addresses and paths, no secret. */
export function serviceEnvironment(config: ServiceConfig): Record<string, string> {
  const { listen, tls, database, keys, origins, metricsToken } = config;
  return {
    SINETTI_SERVICE: config.part,
    SINETTI_LISTEN: `${listen.host}:${listen.port}`,
    SINETTI_DATABASE_URL: databaseAddress(database, "sinetti_app").href,
    SINETTI_OWNER_URL: databaseAddress(database, "sinetti_owner").href,
    SINETTI_DATABASE_PASSWORD_FILE: database.appPassword,
    SINETTI_OWNER_PASSWORD_FILE: database.ownerPassword,
    SINETTI_KEY_FILE: keys.service,
    SINETTI_ORIGINS: origins.join(","),
    SINETTI_MIGRATE: "empty",
    ...(metricsToken === undefined ? {} : { SINETTI_METRICS_TOKEN_FILE: metricsToken }),
    ...(tls === undefined
      ? {}
      : { SINETTI_TLS_CERTIFICATE_FILE: tls.certificate, SINETTI_TLS_KEY_FILE: tls.key }),
    ...ownOf(config),
  };
}
