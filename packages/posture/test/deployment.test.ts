import { chownSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { startBareCluster, type BareCluster } from "../../../tools/bareCluster.ts";
import { TestAuthority } from "../../../tools/testCertificate.ts";
import { checkDeployment } from "../src/deployment/checkDeployment.ts";
import { findDeploymentFaults } from "../src/deployment/deploymentFaults.ts";
import { readListening } from "../src/deployment/listening.ts";
import { readPlan, type DeploymentPlan } from "../src/deployment/plan.ts";
import { resultText, type DeploymentResult } from "../src/deployment/statement.ts";

const NOW = new Date("2026-11-21T12:00:00Z");

const planOf = (text: string): DeploymentPlan => {
  const read = readPlan(text);
  if (!read.ok) throw new Error(JSON.stringify(read.rejections));
  return read.value;
};

describe("the logins of a database, from a host that may reach it", () => {
  const HOME = "hostssl clinic app 127.0.0.0/8 scram-sha-256\n";
  const folder = mkdtempSync(join(tmpdir(), "sinetti-logins-"));
  let cluster: BareCluster;
  let plan: DeploymentPlan;

  beforeAll(async () => {
    cluster = await startBareCluster({
      settings: { listen_addresses: "127.0.0.3" },
      hba: `local all all scram-sha-256\n${HOME}`,
    });
    const { certificate, key } = new TestAuthority(folder).issue("server", ["127.0.0.3"]);
    const { uid, gid } = statSync(cluster.hbaFile.replace("pg_hba.conf", "PG_VERSION"));
    for (const file of [folder, certificate, key]) chownSync(file, uid, gid);
    const sql = cluster.connect();
    for (const [name, value] of [
      ["ssl_cert_file", certificate],
      ["ssl_key_file", key],
      ["ssl", "on"],
    ] as const)
      await sql.unsafe(`alter system set ${name} = '${value}'`);
    await sql.unsafe("create role app login password 'x'");
    await sql.unsafe("create role ghost login");
    await sql.unsafe("create database clinic");
    await sql.end();
    await cluster.restart();
    plan = planOf(`
sinettiDeployment: 1
hosts:
  app: { addresses: [127.0.0.2], reaches: [database] }
  db: { addresses: [127.0.0.3] }
services:
  database:
    host: db
    port: ${cluster.port}
    speaks: postgres
    logins: [{ database: clinic, role: app }]
    refuses: [{ database: clinic, role: ghost }]
probe: []
`);
  });
  afterAll(async () => {
    await cluster.stop();
    rmSync(folder, { recursive: true });
  });

  const letIn = async (lines: string): Promise<void> => {
    writeFileSync(cluster.hbaFile, `local all all scram-sha-256\n${lines}`);
    const sql = cluster.connect();
    await sql`select pg_reload_conf()`;
    await sql.end();
  };
  /** Until the server has read its file again. */
  const checked = async (isSo: (all: readonly DeploymentResult[]) => boolean) => {
    for (;;) {
      const results = await checkDeployment(plan, "app", { timeoutMs: 3000, listening: [] });
      if (isSo(results)) return results;
    }
  };
  const wrongIn = (results: readonly DeploymentResult[]): string[] =>
    results.filter(({ isRight }) => !isRight).map(resultText);
  const place = (): string => `database (127.0.0.3:${cluster.port})`;

  test("are as planned: one is asked for a password over TLS, nobody else and nothing in clear", async () => {
    const results = await checked(() => true);
    expect(wrongIn(results)).toEqual([]);
    expect(results.map(({ kind, role, over, found }) => [kind, role, over, found])).toEqual([
      ["port", undefined, undefined, "open"],
      ["login", "app", "tls", "asked"],
      ["login", "app", "clear", "turned-away"],
      ["login", "ghost", "tls", "turned-away"],
      ["login", "ghost", "clear", "turned-away"],
      ["login", "postgres", "tls", "turned-away"],
      ["login", "postgres", "clear", "turned-away"],
    ]);
  });

  test("are found wrong when somebody adds a line: in without a password, in clear, the superuser", async () => {
    await letIn(`host all ghost 127.0.0.0/8 trust\nhost all all 127.0.0.0/8 scram-sha-256\n`);
    const results = await checked((all) => !all.every(({ isRight }) => isRight));
    expect(wrongIn(results).sort()).toEqual([
      `${place()}: app in clinic in clear: asked`,
      `${place()}: ghost in clinic in clear: let-in`,
      `${place()}: ghost in clinic over TLS: let-in`,
      `${place()}: postgres in postgres in clear: asked`,
      `${place()}: postgres in postgres over TLS: asked`,
    ]);
    const statement = {
      sinettiDeploymentStatement: 1 as const,
      plan: "0".repeat(64),
      host: "app",
      at: NOW.toISOString(),
      results,
    };
    const ownWord = {
      kind: "port" as const,
      host: "app",
      address: "127.0.0.2",
      port: cluster.port,
      expected: "closed",
      found: "refused",
      isRight: true,
    };
    const words = [
      { host: "app", statement, signature: "good" as const, isOfPlan: true },
      {
        host: "db",
        statement: { ...statement, host: "db", results: [ownWord] },
        signature: "good" as const,
        isOfPlan: true,
      },
    ];
    const found = findDeploymentFaults(plan, words, { now: NOW });
    expect(found.map(({ id, severity }) => `${id} ${severity}`)).toEqual([
      "N0 critical",
      "N0 critical",
      "N0 high",
      "N0 high",
      "N0 high",
    ]);
    expect(found[0]?.mend).toContain(
      "take out the line of pg_hba.conf that lets ghost into clinic",
    );
    await letIn(HOME);
  });

  test("a login that should be asked and is turned away is wrong too", async () => {
    await letIn("");
    const results = await checked((all) => !all.every(({ isRight }) => isRight));
    expect(wrongIn(results)).toEqual([`${place()}: app in clinic over TLS: turned-away`]);
    await letIn(HOME);
  });
});

describe("a host", () => {
  const plan = planOf(`
sinettiDeployment: 1
hosts:
  here: { addresses: [192.0.2.1], listens: [22] }
  there: { addresses: [127.0.0.9] }
services:
  own: { host: here, port: 443, speaks: tls }
probe: [9]
sockets: [/nowhere/at/all]
`);

  test("that listens where nobody declared it is named, with address and port", async () => {
    const listening = [
      { address: "0.0.0.0", port: 22 },
      { address: "::", port: 443 },
      { address: "192.0.2.1", port: 5432 },
      { address: "0.0.0.0", port: 8080 },
      { address: "127.0.0.1", port: 9000 },
      { address: "127.0.0.9", port: 9001 },
    ];
    const results = await checkDeployment(plan, "here", { timeoutMs: 1000, listening });
    const wrong = results.filter(({ isRight }) => !isRight);
    expect(wrong.map(({ address, port }) => `${address} ${port}`)).toEqual([
      "192.0.2.1 5432",
      "0.0.0.0 8080",
    ]);
  });

  test("that is one of several on a machine answers for its own address alone", async () => {
    const listening = [
      { address: "0.0.0.0", port: 8080 },
      { address: "127.0.0.9", port: 9001 },
    ];
    const results = await checkDeployment(plan, "there", { timeoutMs: 300, listening });
    const wrong = results.filter(({ kind, isRight }) => kind === "listening" && !isRight);
    expect(wrong.map(({ port }) => port)).toEqual([9001]);
  });

  test("proves what it cannot open: refused, absent", async () => {
    const results = await checkDeployment(plan, "here", { timeoutMs: 1000, listening: [] });
    expect(results.map(({ kind, found, isRight }) => [kind, found, isRight])).toEqual([
      ["port", "refused", true],
      ["port", "refused", true],
      ["socket", "absent", true],
    ]);
  });

  test("that has a socket which is not its own is wrong", async () => {
    const folder = mkdtempSync(join(tmpdir(), "sinetti-socket-"));
    const path = join(folder, ".s.PGSQL.5432");
    const server = createServer().listen(path);
    await new Promise((resolve) => server.once("listening", resolve));
    const open = { ...plan, sockets: [path] };
    const results = await checkDeployment(open, "here", { timeoutMs: 1000, listening: [] });
    server.close();
    rmSync(dirname(path), { recursive: true });
    expect(results.filter(({ isRight }) => !isRight).map(resultText)).toEqual([
      `${path}: open, expected closed`,
    ]);
  });

  test("reads from Linux what it listens on, of both families", () => {
    const folder = mkdtempSync(join(tmpdir(), "sinetti-proc-"));
    const [four, six] = [join(folder, "tcp"), join(folder, "tcp6")];
    const head = "  sl  local_address rem_address   st tx_queue rx_queue\n";
    writeFileSync(
      four,
      `${head}   0: 0100007F:1538 00000000:0000 0A 00000000:00000000\n   1: 0A4D0203:0016 0A4D0204:9999 01 00000000:00000000\n`,
    );
    writeFileSync(six, `${head}   0: 00000000000000000000000000000000:01BB 0:0 0A 0:0\n`);
    expect(readListening([four, six])).toEqual([
      { address: "127.0.0.1", port: 5432 },
      { address: "::", port: 443 },
    ]);
    expect(readListening([join(folder, "absent")])).toBeNull();
    rmSync(folder, { recursive: true });
  });
});

describe("a plan", () => {
  test("is refused with every line that is wrong", () => {
    const read = readPlan(`sinettiDeployment: 1
hosts:
  app: { addresses: [10.0.0.2, 10.0.0.300], reachs: [web] }
  who: { addresses: [10.0.0.2], reaches: [nothing] }
services:
  web: { host: ap, port: 70000, speaks: http }
`);
    const said = read.ok ? [] : read.rejections.map(({ line, field }) => `${line} ${field}`);
    expect(said.sort()).toEqual([
      "3 hosts.app.addresses[1]",
      "3 hosts.app.reachs",
      "6 services.web.port",
      "6 services.web.speaks",
    ]);
    const late = readPlan(`sinettiDeployment: 1
hosts:
  app: { addresses: [10.0.0.2] }
  who: { addresses: [10.0.0.2], reaches: [nothing, own] }
services:
  web: { host: ap, port: 443, speaks: tls }
  own: { host: who, port: 443, speaks: tls }
`);
    expect(late.ok ? [] : late.rejections.map(({ line, problem }) => `${line} ${problem}`)).toEqual(
      [
        "6 there is no such host in the plan",
        "4 there is no such service in the plan",
        "4 a service of the host itself is reached anyway",
        "4 the address is that of app already",
      ],
    );
  });
});

describe("a statement of a host", () => {
  const plan = planOf(`
sinettiDeployment: 1
hosts:
  app: { addresses: [10.0.0.1], reaches: [web] }
  db: { addresses: [10.0.0.2] }
services:
  web: { host: db, port: 443, speaks: tls }
  database: { host: db, port: 5432, speaks: postgres }
probe: [22]
sockets: [/run/other.sock]
`);
  const port = (number: number, found: string, more: Partial<DeploymentResult> = {}) => ({
    kind: "port" as const,
    host: "db",
    address: "10.0.0.2",
    port: number,
    service: null,
    expected: found === "open" ? "open" : "closed",
    found,
    isRight: true,
    ...more,
  });
  const whole: DeploymentResult[] = [
    port(22, "silent"),
    port(443, "open"),
    { ...port(443, "TLSv1.3"), kind: "tls", expected: "TLS" },
    port(5432, "silent"),
    {
      kind: "socket",
      host: "app",
      path: "/run/other.sock",
      expected: "closed",
      found: "absent",
      isRight: true,
    },
  ];
  const faultsOf = (results: DeploymentResult[], at = "2026-11-21T11:00:00.000Z"): string[] =>
    findDeploymentFaults(
      {
        ...plan,
        hosts: { ...plan.hosts, db: { ...plan.hosts["db"], key: "00".repeat(32) } },
      } as DeploymentPlan,
      [
        {
          host: "app",
          statement: {
            sinettiDeploymentStatement: 1,
            plan: "00".repeat(32),
            host: "app",
            at,
            results,
          },
          signature: "good",
          isOfPlan: true,
        },
      ],
      { now: NOW },
    )
      .filter(({ object }) => object !== "db says nothing")
      .map(({ severity, object }) => `${severity} ${object}`);

  test("that tells of all that the plan has it try is taken", () => {
    expect(faultsOf(whole)).toEqual([]);
  });

  test("is not taken for good where it leaves something out", () => {
    expect(faultsOf([])).toEqual(["high app does not say all"]);
    for (const one of whole)
      expect(faultsOf(whole.filter((each) => each !== one))).toEqual(["high app does not say all"]);
  });

  test("is judged by the plan, whatever it says that it expected", () => {
    const claims = whole.map((one) => (one.port === 5432 ? port(5432, "open") : one));
    expect(faultsOf(claims)).toEqual(["critical app: db (10.0.0.2:5432): open, expected closed"]);
  });

  test("that is dated ahead is not fresh for ever", () => {
    expect(faultsOf(whole, "2026-11-21T12:30:00.000Z")).toEqual([]);
    expect(faultsOf(whole, "2099-01-01T00:00:00.000Z")).toEqual(["high app is dated ahead"]);
  });

  test("says so where its system does not tell what it listens on", async () => {
    const alone = planOf(
      "sinettiDeployment: 1\nhosts: { app: { addresses: [10.0.0.1] } }\nservices: {}\n",
    );
    const results = await checkDeployment(alone, "app", { timeoutMs: 100, listening: null });
    expect(results.map(resultText)).toEqual(["app cannot tell what it listens on"]);
    expect(results.every(({ isRight }) => isRight)).toBe(false);
  });
});
