import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { findDeploymentFaults, statementSchema } from "@sinetti/posture";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { formOf } from "../../../../tools/hostNetwork.ts";
import { loadSuite } from "../../../../tools/testPractice.ts";
import { EXIT } from "../../src/failure.ts";
import { makeHostKey } from "../../src/posture/hostKey.ts";
import { readPlanFile, readStatementFile, wordOf } from "../../src/posture/hostStatement.ts";
import { finished, type Ran } from "../commands/startedPractice.ts";
import { HOSTS, startFourHosts, writePlan, type FourHosts, type HostName } from "./fourHosts.ts";

interface Checked {
  readonly wrong: number;
  readonly results: readonly {
    readonly kind: string;
    readonly host: string;
    readonly port?: number;
    readonly expected: string;
    readonly found: string;
    readonly isRight: boolean;
  }[];
  readonly findings: readonly {
    readonly severity: string;
    readonly object: string;
    readonly mend: string;
  }[];
}

/** A database's port, as somebody might open it. */
const DATABASE = 15_432;

/** Each host starts programs of its own. */
const SLOW = { timeout: 120_000 };

const form = formOf();
let hosts: FourHosts;
let plan: string;

const on = async (host: HostName, ...args: string[]): Promise<Ran> =>
  finished(hosts.begin(host, args));
const check = (host: HostName, ...more: string[]): Promise<Ran> => {
  const key = join(hosts.folder, `${host}-own.key`);
  const words = ["--config", plan, "--host", host, "--key", key, "--timeout", "1s"];
  return on(
    host,
    "check",
    "deployment",
    ...words,
    "--out",
    join(hosts.folder, `${host}.json`),
    ...more,
  );
};
const fileOf = (host: HostName): string => join(hosts.folder, `${host}.json`);
/** What posture makes of these statements. */
const objectsIn = (...files: string[]): string[] => {
  const read = readPlanFile(plan);
  const words = files.map((file) => wordOf(readStatementFile(file), read));
  return findDeploymentFaults(read.plan, words, { now: new Date() }).map(({ object }) => object);
};

beforeAll(async () => {
  hosts = await startFourHosts(form);
  await loadSuite();
  const made = HOSTS.map((host) => [host, makeHostKey(join(hosts.folder, `${host}-own.key`))]);
  plan = writePlan(hosts, Object.fromEntries(made) as Record<HostName, string>);
});
afterAll(() => hosts.stop());

describe(`four hosts as ${form}`, () => {
  test(
    "each proves what it reaches and what it cannot, and all four statements hold",
    SLOW,
    async () => {
      const ran = await Promise.all(HOSTS.map((host) => check(host)));
      expect(ran.map(({ exit, stderr }) => [exit, stderr])).toEqual(
        HOSTS.map(() => [EXIT.done, ""]),
      );
      const [app] = ran.map((one) => one.json<Checked>());
      const found = app?.results
        .filter(({ kind, expected }) => kind === "port" && expected === "closed")
        .map(({ host, port, found: how }) => `${host} ${port} ${how}`);
      // A firewall that drops and one that says no are told apart; without any, nobody is there.
      const silence = form === "namespaces" ? "silent" : "refused";
      expect(found).toEqual(
        expect.arrayContaining([
          `who ${DATABASE} ${silence}`,
          `what ${DATABASE} ${silence}`,
          `gate ${DATABASE} refused`,
        ]),
      );
      const spoken = app?.results.filter(({ kind }) => kind === "tls");
      expect(spoken?.map(({ host, found: how }) => [host, how])).toEqual([
        ["who", "TLSv1.3"],
        ["what", "TLSv1.3"],
        ["gate", "TLSv1.3"],
      ]);
      const verified = await on(
        "app",
        "check",
        "statement",
        ...HOSTS.map(fileOf),
        "--config",
        plan,
      );
      expect([verified.exit, verified.json<{ findings: unknown[] }>().findings]).toEqual([
        EXIT.done,
        [],
      ]);
    },
  );

  test(
    "a database's port that somebody opens is found from where it should not be reached, within the interval",
    SLOW,
    async () => {
      const watching = hosts.begin("app", [
        "check",
        "deployment",
        "--config",
        plan,
        "--host",
        "app",
        "--timeout",
        "1s",
        "--every",
        "1s",
      ]);
      const said: string[] = [];
      const alarmed = new Promise<void>((resolve) => {
        watching.stderr?.on("data", (part: Buffer) => {
          said.push(part.toString());
          if (said.join("").includes("ALARM")) resolve();
        });
      });
      await new Promise<void>((resolve) => watching.stderr?.once("data", () => resolve()));
      const opened = await hosts.listen("who", DATABASE);
      const close = hosts.letThrough("app", "who", DATABASE);
      await alarmed;
      watching.kill("SIGINT");
      const ran = await finished(watching);
      expect(said.join("")).toContain(
        `ALARM: app: who (${hosts.address.who}:${DATABASE}): open, expected closed`,
      );
      expect(ran.stdout).toContain(`tcp dport ${DATABASE} drop`);
      const own = (await check("who")).json<Checked>();
      expect(own.findings.map(({ object }) => object)).toContain(
        `who: who listens on ${hosts.address.who}:${DATABASE}, which nobody declared`,
      );
      close();
      await opened.end();
      expect((await check("who")).exit).toBe(EXIT.done);
    },
  );

  test("a service that is down, and one that speaks no TLS, are named", SLOW, async () => {
    const file = join(hosts.folder, "other.yaml");
    const text = readFileSync(plan, "utf8");
    writeFileSync(
      file,
      text
        .replace(`port: ${hosts.port.what},`, "port: 14999,")
        .replace("services:\n", `services:\n  plain: { host: gate, port: 14888, speaks: tls }\n`)
        .replace("reaches: [", "reaches: [plain, "),
    );
    const plain = await hosts.listen("gate", 14_888);
    const close = hosts.letThrough("app", "gate", 14_888);
    const ran = await on(
      "app",
      "check",
      "deployment",
      "--config",
      file,
      "--host",
      "app",
      "--timeout",
      "1s",
    );
    close();
    await plain.end();
    expect(ran.exit).toBe(EXIT.verification);
    const wrong = ran.json<Checked>().results.filter(({ isRight }) => !isRight);
    const how = wrong.map(({ host, port, found }) => `${host} ${port} ${found}`);
    expect(how).toContain("gate 14888 no TLS");
    expect(how.some((each) => each.startsWith("what 14999 "))).toBe(true);
  });
});

describe("a statement", () => {
  const changed = (name: string, change: (text: string) => string): string => {
    const file = join(hosts.folder, name);
    writeFileSync(file, change(readFileSync(fileOf("who"), "utf8")));
    return file;
  };
  test("that is missing, changed, of another host, old, or of another plan is found", () => {
    const rest = HOSTS.filter((host) => host !== "who").map(fileOf);
    expect(objectsIn(...rest)).toEqual(["who says nothing"]);
    const bent = changed("bent.json", (text) =>
      text.replace('"isRight": true', '"isRight": false'),
    );
    expect(objectsIn(...rest, bent)).toEqual(["who is not who signed"]);
    const other = changed("other.json", (text) => text.replace('"host": "who"', '"host": "what"'));
    expect(objectsIn(fileOf("app"), fileOf("who"), fileOf("gate"), other)).toEqual([
      "what is not who signed",
    ]);
    const unsigned = changed("unsigned.json", (text) =>
      text.replace(/"signature": ".*"/, '"signature": null'),
    );
    expect(objectsIn(...rest, unsigned)).toEqual(["who is not who signed"]);
    const old = new Date(Date.now() - 27 * 3_600_000).toISOString();
    const aged = changed("aged.json", (text) => text.replace(/"at": ".*"/, `"at": "${old}"`));
    expect(objectsIn(...rest, aged)).toEqual(["who is not who signed"]);
    writeFileSync(plan, `${readFileSync(plan, "utf8")}# changed\n`);
    expect(objectsIn(...HOSTS.map(fileOf))).toEqual(
      HOSTS.map((host) => `${host} knows another plan`),
    );
  });

  test("gives no more than the plan, the host and what was found", () => {
    const { statement } = JSON.parse(readFileSync(fileOf("who"), "utf8")) as { statement: unknown };
    expect(Object.keys(statementSchema.parse(statement))).toEqual([
      "sinettiDeploymentStatement",
      "plan",
      "host",
      "at",
      "results",
    ]);
  });

  test("is not asked of a machine that the plan does not know, nor by a plan that says nonsense", async () => {
    const file = join(hosts.folder, "wrong.yaml");
    writeFileSync(
      file,
      "sinettiDeployment: 1\nhosts:\n  a: { addresses: [192.0.2.1], reaches: [b] }\nservices: {}\n",
    );
    const ran = await on("app", "check", "deployment", "--config", file);
    expect([ran.exit, ran.stdout]).toEqual([
      EXIT.input,
      expect.stringContaining("line 3, hosts.a.reaches[0]: there is no such service in the plan"),
    ]);
    writeFileSync(
      file,
      "sinettiDeployment: 1\nhosts:\n  a: { addresses: [192.0.2.1] }\nservices: {}\n",
    );
    const lost = await on("app", "check", "deployment", "--config", file);
    expect([lost.exit, lost.stderr]).toEqual([
      EXIT.usage,
      expect.stringContaining("this machine has no address of the plan: name it by --host"),
    ]);
  });
});
