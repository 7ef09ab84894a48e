import { createHash, createHmac, pbkdf2Sync, randomBytes } from "node:crypto";

import { BREAK_GLASS_GROUP } from "@sinetti/posture";

import { READER, readerSetup } from "../posture/provisionReader.ts";
import {
  CONNECTIONS,
  NO_POWERS,
  auditFunctions,
  closingStatements,
} from "../start/provisionDatabase.ts";

const ITERATIONS = 4096;
const HASH_BYTES = 32;
const SALT_BYTES = 16;

/** What PostgreSQL keeps of a password of ASCII letters and digits, RFC 5802 §3: it opens nothing, so a script may hold it. */
export function scramVerifier(password: string, salt: Buffer = randomBytes(SALT_BYTES)): string {
  const salted = pbkdf2Sync(password, salt, ITERATIONS, HASH_BYTES, "sha256");
  const keyOf = (name: string): Buffer => createHmac("sha256", salted).update(name).digest();
  const stored = createHash("sha256").update(keyOf("Client Key")).digest("base64");
  const server = keyOf("Server Key").toString("base64");
  return `SCRAM-SHA-256$${ITERATIONS}:${salt.toString("base64")}$${stored}:${server}`;
}

/** What a service's database must not write to a log: what a statement repeats would leave it by a side door. */
const QUIET = [
  ["log_min_error_statement", "panic"],
  ["log_min_duration_statement", "-1"],
  ["log_parameter_max_length", "0"],
  ["log_parameter_max_length_on_error", "0"],
] as const;

/** The script with which whoever keeps a PostgreSQL cluster makes the roles and the database of one service, for `psql`. */
export function databaseScript({
  database,
  ownerPassword,
  appPassword,
  posturePassword,
}: {
  database: string;
  ownerPassword: string;
  appPassword: string;
  posturePassword: string;
}): string {
  return `-- The database of one service, on a cluster that holds no other. As a superuser:
--   psql --dbname=postgres --set=ON_ERROR_STOP=1 --file=database.sql
-- It holds no password, only what PostgreSQL keeps of one.
--
-- pg_hba.conf has these lines for it and none that lets others in (hostssl: with TLS, from the service's own host alone):
--   local    ${database}  sinetti_app,sinetti_owner,sinetti_posture                  scram-sha-256
--   hostssl  ${database}  sinetti_app,sinetti_owner,sinetti_posture  10.0.0.2/32     scram-sha-256
-- and, for whoever \`sinetti break-glass open\` lets in for some hours:
--   local    ${database}  +${BREAK_GLASS_GROUP}                              scram-sha-256
-- postgresql.conf has of listen_addresses the one address that the service asks, or none, and says who came:
--   log_connections = on
--   log_disconnections = on
--   log_replication_commands = on
--   log_line_prefix = '%m [%p] %u@%d %h '
CREATE ROLE sinetti_owner WITH ${NO_POWERS} CONNECTION LIMIT ${CONNECTIONS.sinetti_owner} PASSWORD '${scramVerifier(ownerPassword)}';
CREATE ROLE sinetti_app WITH ${NO_POWERS} CONNECTION LIMIT ${CONNECTIONS.sinetti_app} PASSWORD '${scramVerifier(appPassword)}';
CREATE ROLE ${READER} WITH LOGIN PASSWORD '${scramVerifier(posturePassword)}';
CREATE DATABASE ${database} OWNER sinetti_owner TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C';
${QUIET.map(([name, value]) => `ALTER DATABASE ${database} SET ${name} = '${value}';`).join("\n")}
\\connect ${database}
${closingStatements(database)}
${auditFunctions}
${readerSetup(database).join(";\n")};
`;
}
