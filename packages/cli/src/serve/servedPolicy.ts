import { BREAK_GLASS_GROUP, type PosturePolicy } from "@sinetti/posture";
import type postgres from "postgres";

import type { DatabaseConfig } from "./serveConfig.ts";

/** As `databaseScript` names them to whoever writes the access lines. */
const ROLES = "sinetti_app,sinetti_owner,sinetti_posture";
const METHOD = "scram-sha-256";
/** A client certificate is asked for on top of the password. */
const STRICTER = ["", " clientcert=verify-ca", " clientcert=verify-full"];
/** Whoever keeps the cluster comes in as its superuser by the socket. */
const KEEPER = [`local all postgres ${METHOD}`, "local all postgres peer"];

interface Ends {
  readonly server: string | null;
  readonly client: string | null;
}
const NO_ENDS: Ends = { server: null, client: null };

const lineFrom = (address: string): string => `${address}/${address.includes(":") ? 128 : 32}`;

/** Where the connection came in, and from where: of a socket both are null. */
async function endsOf(sql: postgres.Sql): Promise<Ends> {
  const [ends] = await sql<Ends[]>`
    select host(inet_server_addr()) as server, host(inet_client_addr()) as client`;
  return ends ?? { server: null, client: null };
}

/**
 * What the configuration of a part declares of its database beside the policy: the socket's lines, and, where every connection is
 * checked by `verify-full`, the one address on which the part's own comes in and the lines from where it comes. Plain TCP declares nothing.
 */
export async function servedPolicy(
  sql: postgres.Sql,
  { database, policy }: { database: DatabaseConfig; policy: PosturePolicy },
): Promise<PosturePolicy> {
  const { host, name, sslmode } = database;
  const databases = [...(policy.databases ?? []), name];
  const bySocket = [
    ...(policy.hba ?? []),
    `local ${name} ${ROLES} ${METHOD}`,
    `local ${name} +${BREAK_GLASS_GROUP} ${METHOD}`,
    ...KEEPER,
  ];
  const { server, client } = sslmode === "verify-full" ? await endsOf(sql) : NO_ENDS;
  const declared = { ...policy, databases, hba: bySocket };
  if (server === null || client === null) return declared;
  const byTls = STRICTER.map(
    (more) => `hostssl ${name} ${ROLES} ${lineFrom(client)} ${METHOD}${more}`,
  );
  return {
    ...declared,
    listen: [...(policy.listen ?? []), server, host],
    hba: [...bySocket, ...byTls],
  };
}
