/** What the driver and the system say when nobody answers. */
const SILENT = new Set([
  "CONNECT_TIMEOUT",
  "CONNECTION_CLOSED",
  "CONNECTION_ENDED",
  "ECONNREFUSED",
  "ECONNRESET",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOENT",
  "ENOTFOUND",
  "ETIMEDOUT",
  "57P03",
]);
/** Wrong role, wrong password, no such database, no way in from here. */
const TURNED_AWAY = new Set(["28P01", "28000", "3D000", "42501"]);
/** Node's names of a certificate that does not hold begin so. */
const UNTRUSTED =
  /^(?:ERR_TLS_|ERR_SSL_|CERT_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|HOSTNAME_MISMATCH)/;

/** Why the service did not start, as a word for whoever started it. */
export function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return "fault";
  if (error.name === "UnsafeDatabaseError") return "unsafe-database";
  const code = "code" in error && typeof error.code === "string" ? error.code : "fault";
  if (code === "EADDRINUSE" || code === "EADDRNOTAVAIL" || code === "EACCES") return "port";
  if (UNTRUSTED.test(code)) return "database-untrusted";
  if (SILENT.has(code)) return "database-unreachable";
  return TURNED_AWAY.has(code) ? "database-refuses" : code;
}
