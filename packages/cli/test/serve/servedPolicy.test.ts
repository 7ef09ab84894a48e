import { readFileSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { runScript, type BareCluster } from "../../../../tools/bareCluster.ts";
import { TestAuthority } from "../../../../tools/testCertificate.ts";
import { lookAt } from "../../src/posture/lookAt.ts";
import { initPart } from "../../src/serve/initPart.ts";
import { readServeConfig } from "../../src/serve/readServeConfig.ts";
import type { GateConfig } from "../../src/serve/serveConfig.ts";
import { postureTarget } from "../../src/serve/serviceSafety.ts";
import { makePlace } from "../start/startedSystem.ts";
import { startOperatorCluster } from "./servedSystem.ts";

const place = makePlace();
const authority = new TestAuthority(place.path);
let cluster: BareCluster;
let config: GateConfig;

beforeAll(async () => {
  cluster = await startOperatorCluster(place.path, authority, "gate", {
    listen_addresses: "127.0.0.1",
    log_connections: "on",
    fsync: "on",
  });
  const made = initPart({
    part: "gate",
    out: `${place.path}/gate`,
    listen: "127.0.0.1:443",
    origins: ["https://app.example.org"],
    database: `127.0.0.1:${cluster.port}/sinetti`,
    databaseCa: authority.file,
  });
  await runScript(cluster, made.script ?? "");
  config = readServeConfig(made.config) as GateConfig;
});
afterAll(async () => {
  await cluster.stop();
  place.remove();
});

/** Findings above low of the database of a part, as `serve` looks at it. */
async function findingsOf(database: Partial<GateConfig["database"]> = {}): Promise<string[]> {
  const target = postureTarget({ ...config, database: { ...config.database, ...database } });
  const { report } = await lookAt(target, { exceptions: [], now: new Date() });
  return report.findings
    .filter(({ severity }) => severity !== "low")
    .map(({ id, object }) => `${id} ${object}`);
}

/** With one access line more, for as long as `work` lasts. */
async function withLine<T>(line: string, work: () => Promise<T>): Promise<T> {
  const before = readFileSync(cluster.hbaFile, "utf8");
  const admin = cluster.connect();
  const tell = async (lines: string): Promise<void> => {
    writeFileSync(cluster.hbaFile, lines);
    await admin`select pg_reload_conf()`;
    // The postmaster reads them in its own time.
    await sleep(200);
  };
  try {
    await tell(`${before}${line}\n`);
    return await work();
  } finally {
    await tell(before);
    await admin.end();
  }
}

describe("the database of a served part", () => {
  it("has no finding above low where it is reached as its configuration declares: by verify-full, from the part's own address", async () => {
    expect(await findingsOf()).toEqual([]);
  });

  it("has one for its address and one for each line where the configuration checks nobody", async () => {
    const lines =
      "host sinetti sinetti_app,sinetti_owner,sinetti_posture 127.0.0.1/32 scram-sha-256";
    const found = await withLine(lines, () => findingsOf({ sslmode: "disable" }));
    expect(found).toEqual([
      "N11 listen_addresses 127.0.0.1",
      `N12 pg_hba: ${lines.replace("host ", "hostssl ")}`,
      `N12 pg_hba: ${lines}`,
    ]);
  });

  it("has one for a line that lets in from elsewhere, or without TLS", async () => {
    const other = "hostssl sinetti sinetti_app 127.0.0.9/32 scram-sha-256";
    expect(await withLine(other, findingsOf)).toEqual([`N12 pg_hba: ${other}`]);
    const plain =
      "host sinetti sinetti_app,sinetti_owner,sinetti_posture 127.0.0.1/32 scram-sha-256";
    expect(await withLine(plain, findingsOf)).toEqual([`N12 pg_hba: ${plain}`]);
  });

  it("has none for the lines of a socket that the script of `serve init` names, and one for TCP beside it", async () => {
    const line = "local sinetti sinetti_app,sinetti_owner,sinetti_posture scram-sha-256";
    const lines = `${line}\nlocal sinetti +sinetti_break_glass scram-sha-256`;
    const found = await withLine(lines, () =>
      findingsOf({ host: cluster.socketDir, sslmode: "disable" }),
    );
    expect(found).toEqual([
      "N11 listen_addresses 127.0.0.1",
      `N12 pg_hba: ${line.replace("local", "hostssl").replace(" scram", " 127.0.0.1/32 scram")}`,
    ]);
  });
});
