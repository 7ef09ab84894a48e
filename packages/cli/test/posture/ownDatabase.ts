import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";

import type postgres from "postgres";

import { startBareCluster, type BareCluster } from "../../../../tools/bareCluster.ts";
import { shippedPolicy } from "../../src/posture/declaredPolicy.ts";
import { urlTarget, type PostureTarget } from "../../src/posture/postureTarget.ts";
import { READER, provisionReader } from "../../src/posture/provisionReader.ts";
import { provisionDatabase, provisionRoles } from "../../src/start/provisionDatabase.ts";

/** The only access line of a database of ours. */
export const SAFE = "local all all scram-sha-256\n";

/** A database as ours are, on a cluster that a test may spoil. */
export interface OwnDatabase {
  readonly cluster: BareCluster;
  /** As the role that looks. */
  readonly target: PostureTarget;
  /** As the superuser. */
  sql(): postgres.Sql;
  letIn(lines: string): Promise<void>;
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** Makes one with one table of ciphertext. */
export async function openOwnDatabase(): Promise<OwnDatabase> {
  const cluster = await startBareCluster({ settings: { listen_addresses: "" }, hba: SAFE });
  const password = randomBytes(16).toString("hex");
  const superUrl = cluster.url("postgres");
  await provisionRoles(superUrl, { ownerPassword: "a1", appPassword: "b2" });
  await provisionDatabase(superUrl, "sinetti");
  await provisionReader(cluster.url("sinetti"), password);
  const reader = new URL(cluster.url("sinetti"));
  reader.username = READER;
  reader.password = password;
  let sql = cluster.connect("sinetti");
  const { policy, sha256 } = shippedPolicy("who");
  await sql.unsafe(`
    set role sinetti_owner;
    create table public.entries (practice bytea, box bytea);
    insert into public.entries select '', sha512(convert_to(i::text, 'UTF8')) from generate_series(1, 50) i;
    alter table public.entries enable row level security; alter table public.entries force row level security;
    create policy own on public.entries using (practice = '');
    reset role`);
  return {
    cluster,
    target: {
      ...urlTarget(reader.href, policy),
      name: "who",
      declared: { service: "who", sha256 },
    },
    sql: () => sql,
    letIn: async (lines) => {
      writeFileSync(cluster.hbaFile, lines);
      await sql`select pg_reload_conf()`;
    },
    restart: async () => {
      await sql.end({ timeout: 1 });
      await cluster.restart();
      sql = cluster.connect("sinetti");
    },
    stop: async () => {
      await sql.end({ timeout: 1 });
      await cluster.stop();
    },
  };
}
