import { existsSync, globSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { readCommand } from "../../src/start/processIdentity.ts";
import type { RunningSystem } from "../../src/start/startSystem.ts";
import {
  isProcessAlive,
  isWell,
  makePlace,
  pidsOf,
  startSmallSystem,
  until,
} from "./startedSystem.ts";

const names = ["who", "what", "gate"] as const;
const modeOf = (path: string): number => statSync(path).mode & 0o777;
const isRoot = process.getuid?.() === 0;

describe("a started system", () => {
  const place = makePlace();
  const data = join(place.path, "data");
  const lines: string[] = [];
  let system: RunningSystem;

  beforeAll(async () => {
    system = await startSmallSystem(data, (source, line) => lines.push(`${source}: ${line}`));
  });

  afterAll(async () => {
    await system.stop();
    place.remove();
  });

  it("refuses a second launcher on the same data", async () => {
    await expect(startSmallSystem(data, () => undefined)).rejects.toMatchObject({
      code: "data-in-use",
    });
    expect(await isWell(system.web)).toBe(true);
  });

  it("says where the services are", async () => {
    const answer = await fetch(`${system.web}/.well-known/sinetti`);
    const { vaultWho, vaultWhat, gate } = system;
    expect(await answer.json()).toEqual({
      v: 1,
      wire: { oldest: 1, newest: 1 },
      vaultWho,
      vaultWhat,
      gate,
    });
    expect(answer.headers.get("content-security-policy")).toContain("default-src 'none'");
    expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
  });

  it("refuses a page that reaches it under another name", async () => {
    const { request } = await import("node:http");
    const status = await new Promise((resolve) => {
      request(`${system.web}/healthz`, { headers: { host: "evil.example" } }, (answer) =>
        resolve(answer.statusCode),
      ).end();
    });
    expect(status).toBe(421);
  });

  it("refuses what does not read", async () => {
    expect((await fetch(`${system.web}/healthz`, { method: "POST" })).status).toBe(405);
  });

  it("keeps every secret in a file of its own that only its owner reads", () => {
    const secrets = globSync(`${data}/*/secrets/*`);
    expect(secrets.map((path) => path.slice(data.length + 1)).toSorted()).toEqual(
      names
        .flatMap((name) => {
          const roles = ["app", "owner", "posture", "superuser"];
          const own = [...roles.map((role) => `${role}.password`), "service.key"];
          const gate = name === "gate" ? ["installation.code", "kek.key", "lookup.key"] : [];
          return [...own, ...gate].map((file) => `${name}/secrets/${file}`);
        })
        .toSorted(),
    );
    expect(new Set(secrets.map(modeOf))).toEqual(new Set([0o600]));
    expect(new Set(secrets.map((path) => readFileSync(path, "utf8"))).size).toBe(secrets.length);
  });

  it("closes its folders", () => {
    for (const name of names) {
      expect(modeOf(join(data, name, "secrets"))).toBe(0o700);
      expect(modeOf(join(data, name, "postgres"))).toBe(0o700);
      expect(modeOf(join(data, name, "run"))).toBe(0o700);
      // As root the account of PostgreSQL must walk through; it may not look around.
      expect(modeOf(join(data, name))).toBe(isRoot ? 0o711 : 0o700);
    }
    expect(modeOf(data)).toBe(isRoot ? 0o711 : 0o700);
  });

  it("asks everybody for a password, and listens on sockets only", () => {
    for (const name of names) {
      expect(readFileSync(join(data, name, "postgres", "pg_hba.conf"), "utf8")).toBe(
        "local all all scram-sha-256\n",
      );
      expect(existsSync(join(data, name, "run", ".s.PGSQL.5432"))).toBe(true);
      // Lines 4 to 6 of the pid file: the port, the folder of the socket, the address that it listens on.
      const [, , , port, socketDir, address] = readFileSync(
        join(data, name, "postgres", "postmaster.pid"),
        "utf8",
      ).split("\n");
      expect([port, socketDir, address]).toEqual(["5432", join(data, name, "run"), ""]);
    }
  });

  it("keeps passwords off the command lines, and the superuser's from the services", async () => {
    const answer = await fetch(`${system.gate}/`);
    const { environment } = (await answer.json()) as { environment: string[] };
    // A folder of compiled code is passed on where this process has one.
    const meant = environment.filter((name) => name !== "NODE_COMPILE_CACHE");
    expect(meant.toSorted()).toEqual([
      "PATH",
      "SINETTI_DATABASE_URL",
      "SINETTI_INSTALLATION_CODE_FILE",
      "SINETTI_KEK_FILE",
      "SINETTI_KEY_FILE",
      "SINETTI_LISTEN",
      "SINETTI_LOOKUP_KEY_FILE",
      "SINETTI_ORIGINS",
      "SINETTI_OWNER_URL",
      "SINETTI_POSTURE_FILE",
      "SINETTI_SERVICE",
    ]);
    const passwords = globSync(`${data}/*/secrets/*.password`).map((path) =>
      readFileSync(path, "utf8").trim(),
    );
    const commands = pidsOf(system).map((pid) => readCommand(pid ?? 0) ?? "");
    expect(
      passwords.filter((password) => commands.some((command) => command.includes(password))),
    ).toEqual([]);
    expect(passwords.filter((password) => lines.some((line) => line.includes(password)))).toEqual(
      [],
    );
  });

  it.each(names)(
    "starts %s again when its service is killed, at the same address",
    async (name) => {
      const { service } = system.pids()[name];
      process.kill(service ?? 0, "SIGKILL");
      await until(() => ![undefined, service].includes(system.pids()[name].service));
      await until(() => isWell(system.web));
      expect(isProcessAlive(service)).toBe(false);
    },
  );

  it("starts a database again when its postmaster is killed, and has lost nothing", async () => {
    await fetch(`${system.vaultWhat}/add`);
    const { cluster } = system.pids().what;
    process.kill(cluster ?? 0, "SIGKILL");
    await until(() => ![undefined, cluster].includes(system.pids().what.cluster));
    await until(() => isWell(system.web));
    expect(await (await fetch(system.vaultWhat)).json()).toMatchObject({ count: 1 });
  });

  it("leaves no process when it is stopped, keeps its data, and starts on it again", async () => {
    await fetch(`${system.vaultWho}/add`);
    const { web, installationCode } = system;
    const pids = pidsOf(system);
    expect(pids.filter(isProcessAlive)).toHaveLength(6);
    await Promise.all([system.stop(), system.stop()]);
    expect(pids.filter(isProcessAlive)).toEqual([]);
    await expect(fetch(web)).rejects.toThrow("fetch failed");
    expect(globSync(`${data}/*/{service.pid,postgres/postmaster.pid}`)).toEqual([]);
    // After a restart of the machine, the pid of a killed postmaster may be any program's: here, this one's.
    for (const name of names) {
      writeFileSync(join(data, name, "postgres", "postmaster.pid"), `${process.pid}\n`);
      writeFileSync(join(data, name, "postgres", "pg_hba.conf"), "local all all trust\n");
    }
    system = await startSmallSystem(data, () => undefined);
    expect(await (await fetch(system.vaultWho)).json()).toMatchObject({ count: 1 });
    expect(system.installationCode).toBe(installationCode);
    const hba = readFileSync(join(data, "who", "postgres", "pg_hba.conf"), "utf8");
    expect(hba).toBe("local all all scram-sha-256\n");
  });
});
