import { readFileSync, writeFileSync } from "node:fs";
import { Agent, request as requestHttps, type RequestOptions } from "node:https";
import type { IncomingHttpHeaders } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { connect, type TLSSocket } from "node:tls";
import { once } from "node:events";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { TestAuthority } from "../../../../tools/testCertificate.ts";
import { failureOf } from "../../src/failure.ts";
import { readServeConfig } from "../../src/serve/readServeConfig.ts";
import type { VaultConfig } from "../../src/serve/serveConfig.ts";
import { ensureServiceSafe, postureTarget } from "../../src/serve/serviceSafety.ts";
import { until } from "../start/startedSystem.ts";
import { ServedSystem, serve } from "./servedSystem.ts";

const NOTE = {
  sections: {
    subjective: "Invented: slept five nights of seven.",
    objective: "Speaks freely.",
    assessment: "Better.",
    plan: "Two stops alone.",
  },
};
let system: ServedSystem;

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

function ask(url: string, options: RequestOptions = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const ca = readFileSync(system.authority.file);
    const asked = requestHttps(url, { ca, agent: false, ...options }, (answer) => {
      let text = "";
      answer.on("data", (data: Buffer) => (text += data.toString()));
      answer.on("end", () =>
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text }),
      );
    });
    asked.on("error", reject);
    asked.end();
  });
}

async function connectTo(part: "who" | "app", version?: "TLSv1.2"): Promise<TLSSocket> {
  const socket = connect({
    port: system.ports[part],
    host: "localhost",
    ca: readFileSync(system.authority.file),
    ...(version === undefined ? {} : { minVersion: version, maxVersion: version }),
  });
  await once(socket, "secureConnect");
  return socket;
}

beforeAll(async () => {
  system = await ServedSystem.make();
  await Promise.all((["who", "what", "gate", "app"] as const).map((part) => system.serve(part)));
});
afterAll(async () => {
  await system.stop();
});

describe("four parts of a system, each on its own behind TLS", () => {
  it("say first that they are ready, and where", () => {
    expect(system.served.who?.said).toEqual({
      ready: true,
      part: "who",
      vaultWho: `https://127.0.0.1:${system.ports.who}`,
    });
    expect(system.served.app?.said).toMatchObject({ ready: true, part: "app", web: system.origin });
  });

  it("let a practice be founded, a note be written and read, by the app's origin alone", async () => {
    const { path } = system.place;
    const code = readFileSync(system.made.gate.installationCode ?? "", "utf8").trim();
    const person = join(path, "person.json");
    const note = join(path, "note.json");
    writeFileSync(person, JSON.stringify({ name: "Maija Invented" }));
    writeFileSync(note, JSON.stringify(NOTE));
    const words = ["--name", "Kuusi", "--member", "Aino", "--roles", "therapist,admin,privacy"];
    const founded = await system.run(
      "aino",
      "practice",
      "create",
      ...words,
      "--install-code",
      code,
    );
    expect([founded.exit, founded.stderr]).toEqual([0, ""]);
    const { patient } = (await system.run("aino", "patient", "add", "--file", person)).json<{
      patient: string;
    }>();
    const added = await system.run(
      "aino",
      "note",
      "add",
      patient,
      "--template",
      "soap",
      "--file",
      note,
    );
    const { entry } = added.json<{ entry: string }>();
    const shown = await system.run("aino", "note", "show", patient, entry);
    expect(shown.stdout).toContain("slept five nights of seven");
  });

  it("speak TLS 1.3 and nothing older", async () => {
    const socket = await connectTo("who");
    expect(socket.getProtocol()).toBe("TLSv1.3");
    socket.destroy();
    await expect(connectTo("who", "TLSv1.2")).rejects.toThrow(/protocol version/);
    await expect(connectTo("app", "TLSv1.2")).rejects.toThrow(/protocol version/);
  });

  it("serve the web client under a policy that names the three services, for good over TLS, and under its own name alone", async () => {
    const page = await ask(`${system.origin}/`);
    expect(page.headers["strict-transport-security"]).toMatch(/^max-age=\d{8}$/);
    const policy = String(page.headers["content-security-policy"]);
    const services = (["who", "what", "gate"] as const).map((part) => system.urlOf(part));
    expect(policy).toContain(`connect-src 'self' ${services.join(" ")};`);
    expect(
      (await ask(`https://127.0.0.1:${system.ports.app}/`, { servername: "localhost" })).status,
    ).toBe(421);
  });

  it("answer pages of the app's origin, and of no other", async () => {
    const asked = async (origin: string): Promise<unknown> =>
      (await ask(`${system.urlOf("what")}/.well-known/sinetti`, { headers: { origin } })).headers[
        "access-control-allow-origin"
      ];
    expect(await asked(system.origin)).toBe(system.origin);
    expect(await asked("https://localhost:1")).toBeUndefined();
  });

  it("take a new certificate at SIGHUP, and drop nobody", async () => {
    for (const part of ["who", "app"] as const) {
      const agent = new Agent({ keepAlive: true, maxSockets: 1 });
      const url = `${system.urlOf(part)}/healthz`;
      const serialNow = async (): Promise<string> => {
        const socket = await connectTo(part);
        const { serialNumber } = socket.getPeerCertificate();
        socket.destroy();
        return serialNumber;
      };
      const before = await serialNow();
      const kept = { agent, headers: { connection: "keep-alive" } };
      await ask(url, kept);
      const [socket] = Object.values(agent.freeSockets)[0] ?? [];
      system.authority.issue(part, ["localhost"]);
      system.served[part]?.child.kill("SIGHUP");
      await until(async () => (await serialNow()) !== before);
      expect((await ask(url, kept)).status).toBe(200);
      expect(Object.values(agent.freeSockets)[0]?.[0]).toBe(socket);
      agent.destroy();
    }
  });

  it("serve on with the certificate from before when the new one is none", async () => {
    const { certificate } = system.authority.issue("elsewhere", ["localhost"]);
    const file = join(system.place.path, "who.pem");
    const good = readFileSync(file);
    writeFileSync(file, readFileSync(certificate));
    const served = system.served.who;
    served?.child.kill("SIGHUP");
    await until(() => served?.errors().includes("certificate from before") === true);
    expect((await ask(`${system.urlOf("who")}/healthz`)).status).toBe(200);
    writeFileSync(file, good);
  });

  it("end when whoever started them is killed, and when asked, with everything done", async () => {
    const { what, who } = system.served;
    const isGone = (): Promise<boolean> =>
      ask(`${system.urlOf("what")}/healthz`).then(
        () => false,
        () => true,
      );
    what?.child.kill("SIGKILL");
    await until(isGone);
    expect(await who?.stop()).toBe(0);
    await expect(ask(`${system.urlOf("who")}/healthz`)).rejects.toThrow(/ECONNREFUSED/);
  });
});

describe("a service is not served", () => {
  /** What vault `what` comes to when its configuration says something else. */
  const refusalOf = async (change: (config: VaultConfig) => void): Promise<unknown> => {
    const { config: file } = system.made.what;
    const config = readServeConfig(file, "what") as VaultConfig;
    change(config);
    try {
      await ensureServiceSafe(postureTarget(config), { configFile: file, onLog: () => undefined });
    } catch (error) {
      const { code, exit } = failureOf(error);
      return [code, exit];
    }
    return "safe";
  };

  it("where nothing is wrong, it would be", async () => {
    expect(await refusalOf(() => undefined)).toBe("safe");
  });

  it("on a database whose certificate another authority signed", async () => {
    const other = new TestAuthority(system.place.path, "Another authority");
    const refused = await refusalOf(({ database }) => (database.tls = { ca: other.file }));
    expect(refused).toEqual(["database-untrusted", 4]);
  });

  it("on a database whose certificate names another address", async () => {
    const refused = await refusalOf(({ database }) => (database.host = "127.0.9.2"));
    expect(refused).toEqual(["database-untrusted", 4]);
  });

  it("on one that does not answer", async () => {
    expect(await refusalOf(({ database }) => (database.port = 1))).toEqual([
      "database-unreachable",
      5,
    ]);
  });

  it("on one that does not know its password", async () => {
    const refused = await refusalOf(
      ({ database }) => (database.posturePassword = database.appPassword),
    );
    expect(refused).toEqual(["database-refuses", 3]);
  });

  /** Access lines of the database of `what`, for as long as `work` lasts. */
  const withLines = async <T>(
    change: (lines: string) => string,
    work: () => Promise<T>,
  ): Promise<T> => {
    const cluster = system.clusters.what;
    const before = readFileSync(cluster.hbaFile, "utf8");
    const admin = cluster.connect("sinetti");
    const tell = async (lines: string): Promise<void> => {
      writeFileSync(cluster.hbaFile, lines);
      await admin`select pg_reload_conf()`;
      // The postmaster reads them in its own time.
      await sleep(200);
    };
    await tell(change(before));
    try {
      return await work();
    } finally {
      await tell(before);
      await admin.end();
    }
  };

  it("on one that asks for a client certificate, unless it has one", async () => {
    const asking = (lines: string): string =>
      lines.replaceAll(/^hostssl .*$/gm, "$& clientcert=verify-ca");
    const { certificate, key } = system.authority.issue("client", ["what"]);
    const without = (): Promise<unknown> => refusalOf(() => undefined);
    const withOne = (): Promise<unknown> =>
      refusalOf(({ database }) => Object.assign(database.tls ?? {}, { certificate, key }));
    expect(await withLines(asking, () => Promise.all([without(), withOne()]))).toEqual([
      ["database-refuses", 3],
      "safe",
    ]);
  });

  it("on one that lets somebody in without a password, and says what mends it", async () => {
    const open = (lines: string): string => `${lines}host sinetti sinetti_app 10.9.8.7/32 trust\n`;
    const served = await withLines(open, () =>
      serve("what", system.made.what.config, system.authority),
    );
    expect(served).toMatchObject({ exit: 3 });
    expect("stderr" in served && served.stderr).toMatch(/trust[^]*Mend/);
  });
});
