import { chmodSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { runScript, type BareCluster } from "../../../../tools/bareCluster.ts";
import { TestAuthority } from "../../../../tools/testCertificate.ts";
import { InputError } from "../../src/inputError.ts";
import { readDeclaredPolicy, shippedPolicy } from "../../src/posture/declaredPolicy.ts";
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
let configFile: string;

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
  configFile = made.config;
  config = readServeConfig(configFile) as GateConfig;
});
afterAll(async () => {
  await cluster.stop();
  place.remove();
});

/** Findings above low of the database of a part, as `serve` looks at it. */
async function findingsOf(
  database: Partial<GateConfig["database"]> = {},
  given = config,
): Promise<string[]> {
  const target = postureTarget({ ...given, database: { ...given.database, ...database } });
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

  it("is judged by the policy that the configuration names, whose hash is the one to approve", async () => {
    const shipped = readFileSync(shippedPolicy("gate").path, "utf8");
    const policy = `${place.path}/gate/policy.yaml`;
    writeFileSync(
      policy,
      shipped.replace("roles:\n", "roles:\n  monitor: { kind: application, login: true }\n"),
    );
    const file = readFileSync(configFile, "utf8");
    writeFileSync(configFile, `${file}posture: { policy: policy.yaml }\n`);
    const read = readServeConfig(configFile) as GateConfig;
    const admin = cluster.connect();
    await admin.unsafe("create role monitor login");
    expect(await findingsOf()).toContain("R6 monitor");
    expect(await findingsOf({}, read)).not.toContain("R6 monitor");
    const { sha256 } = readDeclaredPolicy(policy);
    expect([postureTarget(read).declared?.sha256, sha256 === shippedPolicy("gate").sha256]).toEqual(
      [sha256, false],
    );
    await admin.unsafe("drop role monitor");
    await admin.end();
  });

  it("is not served by a policy that is missing, wrong, or can be changed by others", () => {
    const policy = `${place.path}/gate/policy.yaml`;
    const fault = (): string => {
      try {
        readServeConfig(configFile);
        return "taken";
      } catch (error) {
        return error instanceof InputError ? error.fields.join("\n") : "another error";
      }
    };
    expect(fault()).toBe("taken");
    chmodSync(policy, 0o622);
    expect(fault()).toMatch(/^posture\.policy: .*policy\.yaml can be changed by others/);
    chmodSync(policy, 0o600);
    writeFileSync(policy, "sinettiPosture: 1\nroles: 3\n");
    expect(fault()).toMatch(/^posture\.policy: .*line 2, roles: /);
    // Gone after the configuration was read: nothing is looked at by another one.
    const read = { ...config, posture: { policy } };
    rmSync(policy);
    expect(fault()).toMatch(/^posture\.policy: .*policy\.yaml is not there$/);
    expect(() => postureTarget(read)).toThrow(InputError);
  });
});
