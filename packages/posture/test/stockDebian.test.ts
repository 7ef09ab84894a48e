import { chownSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type postgres from "postgres";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { startBareCluster, type BareCluster } from "../../../tools/bareCluster.ts";
import { TestAuthority } from "../../../tools/testCertificate.ts";
import { findFaults, type MendedFinding } from "../src/findings.ts";
import { readPolicy } from "../src/policy/readPolicy.ts";
import { checkPosture } from "../src/posture.ts";

/** pg_hba.conf as pg_createcluster of postgresql-common writes it, without its comments. */
const HBA = `local   all             postgres                                peer
local   all             all                                     peer
host    all             all             127.0.0.1/32            scram-sha-256
host    all             all             ::1/128                 scram-sha-256
local   replication     all                                     peer
host    replication     all             127.0.0.1/32            scram-sha-256
host    replication     all             ::1/128                 scram-sha-256
`;
const NOW = new Date("2026-11-21T12:00:00Z");

const folder = mkdtempSync(join(tmpdir(), "sinetti-debian-"));
let cluster: BareCluster;
let sql: postgres.Sql;
let findings: readonly MendedFinding[];

beforeAll(async () => {
  const usual = "local all all scram-sha-256\n";
  cluster = await startBareCluster({
    settings: { log_line_prefix: "%m [%p] %q%u@%d ", cluster_name: "18/main" },
    hba: usual,
  });
  // The package ssl-cert makes this certificate, and the cluster uses it out of the box.
  const snakeoil = new TestAuthority(folder).issue("ssl-cert-snakeoil", ["localhost"]);
  const { uid, gid } = statSync(cluster.hbaFile.replace("pg_hba.conf", "PG_VERSION"));
  for (const file of [folder, ...Object.values(snakeoil)]) chownSync(file, uid, gid);
  const admin = cluster.connect();
  await admin.unsafe(`alter system set ssl_cert_file = '${snakeoil.certificate}'`);
  await admin.unsafe(`alter system set ssl_key_file = '${snakeoil.key}'`);
  await admin.unsafe("alter system set ssl = on");
  // README.Debian, first steps for the impatient.
  await admin.unsafe("create role joe login nocreatedb nocreaterole nosuperuser");
  await admin.unsafe("create database joework owner joe");
  await admin.end();
  await cluster.restart();
  sql = cluster.connect("joework");
  await sql`select 1`;
  writeFileSync(cluster.hbaFile, HBA);
  await sql`select pg_reload_conf()`;
  ({ findings } = await checkPosture(sql, null, { now: NOW }));
});
afterAll(async () => {
  await sql.end({ timeout: 1 });
  await cluster.stop();
  rmSync(folder, { recursive: true });
});

describe("a cluster as Debian makes it", () => {
  test("gets what its documentation warns of, and what it leaves off", () => {
    const seen = findings.map(({ id, object, severity }) => `${id} ${severity} ${object}`);
    expect(seen).toContain(`N13 low ssl_cert_file ${join(folder, "ssl-cert-snakeoil.pem")}`);
    for (const expected of [
      "G1 medium database joework",
      "A2 medium log_connections",
      "A2 low log_statement none",
      "A3 low pgaudit is not installed",
    ])
      expect(seen).toContain(expected);
  });

  test("gets nothing critical or high, and nothing for its lines, which ask the system who it is", () => {
    const bad = findings.filter(({ severity }) => ["critical", "high"].includes(severity));
    expect(bad.map(({ id, object }) => `${id} ${object}`)).toEqual([]);
    expect(findings.filter(({ object }) => object.startsWith("pg_hba"))).toEqual([]);
    expect(findings.filter(({ id }) => ["R1", "R4", "N1", "N7"].includes(id))).toEqual([]);
  });

  test("is spared the logs of which a policy says why they are not kept, and no other", async () => {
    const { snapshot } = await checkPosture(sql, null, { now: NOW });
    const read = readPolicy(
      "sinettiPosture: 1\nunlogged: { statements: they hold values, reads: rows are sealed }\n",
      NOW,
    );
    if (!read.ok) throw new TypeError("no policy");
    const found = findFaults(snapshot, read.value, { now: NOW })
      .filter(({ id }) => ["A2", "A3"].includes(id))
      .map(({ object }) => object);
    expect(found).toContain("log_connections");
    expect(found).not.toContain("log_statement none");
    expect(found).not.toContain("pgaudit is not installed");
  });

  test("gets the certificate as worse once it listens beyond the machine", async () => {
    const { snapshot } = await checkPosture(sql, null, { now: NOW });
    const listening = new Map(snapshot.settings);
    const setting = listening.get("listen_addresses");
    if (setting === undefined) throw new TypeError("no setting");
    listening.set("listen_addresses", { ...setting, setting: "10.0.0.2" });
    const found = findFaults({ ...snapshot, settings: listening }, null, { now: NOW });
    expect(found.find(({ id }) => id === "N13")?.severity).toBe("medium");
  });
});
