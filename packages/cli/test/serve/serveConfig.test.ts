import { chmodSync, chownSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { parse, stringify } from "yaml";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { TestAuthority } from "../../../../tools/testCertificate.ts";
import { InputError, UsageError } from "../../src/inputError.ts";
import { privacyFault } from "../../src/serve/configFiles.ts";
import { initPart, type MadePart, type PartPlan } from "../../src/serve/initPart.ts";
import { readServeConfig } from "../../src/serve/readServeConfig.ts";
import { serviceEnvironment } from "../../src/serve/serviceEnvironment.ts";
import { makePlace } from "../start/startedSystem.ts";

const place = makePlace();
const authority = new TestAuthority(place.path);
let gate: MadePart;
let who: MadePart;
/** As `serve init` makes it, to be spoiled. */
let good: Record<string, unknown>;

const planOf = (part: PartPlan["part"], more: Partial<PartPlan> = {}): PartPlan => ({
  part,
  out: join(place.path, part),
  listen: "10.0.0.2:443",
  origins: ["https://app.example.org"],
  tls: authority.issue(part, ["localhost"]),
  database: "db.example.org/sinetti",
  databaseCa: authority.file,
  ...more,
});

beforeAll(() => {
  gate = initPart(planOf("gate"));
  who = initPart(planOf("who", { gateKey: gate.publicKey ?? "" }));
  good = parse(readFileSync(who.config, "utf8")) as Record<string, unknown>;
});
afterAll(() => place.remove());

/** What is said of a configuration that somebody got wrong. */
function faultsOf(config: unknown, name = "spoiled.yaml"): string {
  const path = join(place.path, "who", name);
  writeFileSync(path, typeof config === "string" ? config : stringify(config));
  try {
    readServeConfig(path);
    return "taken";
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return error.fields.join("\n");
  }
}

const database = (change: object): unknown => ({
  ...good,
  database: { ...(good["database"] as object), ...change },
});

describe("a configuration of a part", () => {
  it("is taken as `serve init` makes it, in YAML and in JSON, its paths seen from its folder", () => {
    expect(faultsOf(good)).toBe("taken");
    expect(faultsOf(JSON.stringify(good), "who.json")).toBe("taken");
    expect(readServeConfig(who.config, "who")).toMatchObject({
      listen: { host: "10.0.0.2", port: 443 },
      keys: { service: join(place.path, "who", "secrets", "service.key") },
    });
  });

  it("is of the part that is served", () => {
    expect(() => readServeConfig(who.config, "what")).toThrow(UsageError);
  });

  it("holds no key that `serve` does not know, and says which line has it", () => {
    const text = `${stringify(good)}passwort: 123\n`;
    const line = text.split("\n").indexOf("passwort: 123") + 1;
    expect(faultsOf(text)).toBe(`line ${line}, passwort: no such field`);
  });

  it.each([
    ["without an origin of the web client", { origins: [] }, "no browser gets in"],
    ["with an origin over plain HTTP", { origins: ["http://app.example.org"] }, "https"],
    ["with an origin that says more", { origins: ["https://app.example.org/x"] }, "an origin"],
    ["beyond this machine without TLS", { tls: undefined }, "nothing is served without TLS"],
    [
      "on a name that only begins like this machine",
      { listen: "127.evil.example:1", tls: undefined },
      "without TLS",
    ],
    ["with no gate's key", { gateKey: "5c1f" }, "64 hexadecimal digits"],
    ["of a part that is none", { part: "where" }, "who, what, gate or app"],
  ])("is refused %s", (_name, change, said) => {
    expect(faultsOf({ ...good, ...change })).toContain(said);
  });

  it.each([
    [{ sslmode: "require" }, "require does not check who answers"],
    [{ sslmode: "verify-ca" }, "verify-ca does not check who answers"],
    [{ sslmode: undefined }, "verify-full alone"],
    [{ sslmode: "disable" }, "verify-full alone"],
    [{ tls: undefined }, "verify-full needs ca"],
    [{ name: "sinetti; drop" }, "database.name"],
    [{ password: "hunter2" }, "database.password: no such field"],
  ])("is refused with a database on another host and %o", (change, said) => {
    expect(faultsOf(database(change))).toContain(said);
  });

  it("takes a database on this machine without TLS, by name, address and socket", () => {
    for (const host of ["localhost", "127.0.0.1", "::1", "/run/postgresql"])
      expect(faultsOf(database({ host, sslmode: undefined, tls: undefined }))).toBe("taken");
  });

  it("never repeats what stands in it", () => {
    const spoiled = { ...good, gateKey: "a secret by mistake", listen: "another secret" };
    expect(faultsOf(spoiled)).not.toContain("secret");
  });
});

describe("the files that a configuration names", () => {
  const secret = (name: string): string => join(place.path, "who", "secrets", name);
  const spoil = (name: string, text: string | null): string => {
    const before = readFileSync(secret(name), "utf8");
    if (text === null) rmSync(secret(name));
    else writeFileSync(secret(name), text);
    const said = faultsOf(good);
    writeFileSync(secret(name), before, { mode: 0o600 });
    return said;
  };

  it.each([0o640, 0o604, 0o620])("are refused when others may read or write them: %o", (mode) => {
    chmodSync(secret("service.key"), mode);
    expect(faultsOf(good)).toMatch(/^keys\.service: .*chmod 600/);
    chmodSync(secret("service.key"), 0o600);
  });

  it("are refused of another account, however closed they are", () => {
    const file = secret("service.key");
    const owner = statSync(file).uid;
    expect(privacyFault(file, owner)).toBeNull();
    if (owner === 0) chownSync(file, 4_000_001, 4_000_001);
    expect(privacyFault(file, 4_000_002)).toMatch(/another account/);
    if (owner !== 0) return;
    expect(faultsOf(good)).toMatch(/^keys\.service: .*another account/);
    chownSync(file, 0, 0);
  });

  it("are there, and hold what they should", () => {
    expect(spoil("service.key", null)).toMatch(/^keys\.service: .*is not there/);
    expect(spoil("service.key", "abc")).toMatch(/^keys\.service: .*64 hexadecimal digits/);
    expect(spoil("app.password", "short")).toMatch(/^database\.appPassword: /);
    expect(spoil("metrics.token", "guess")).toMatch(/^metricsToken: .*64 hexadecimal digits/);
  });

  it("are a certificate that is not over, with its own key", () => {
    const tls = good["tls"] as { certificate: string; key: string };
    const over = authority.issue("over", ["localhost"], { days: -1 });
    const other = authority.issue("other", ["localhost"]);
    expect(faultsOf({ ...good, tls: over })).toMatch(/^tls: .* ended on /);
    expect(faultsOf({ ...good, tls: { ...tls, key: other.key } })).toMatch(/is not the key of/);
    expect(faultsOf({ ...good, tls: { ...tls, certificate: other.key } })).toMatch(
      /no certificate/,
    );
  });
});

describe("what a service is told", () => {
  it("has the token of its numbers as a path, and none where none is meant", () => {
    const told = (config: string) => {
      const read = readServeConfig(config);
      if (read.part === "app") throw new TypeError("a service");
      return serviceEnvironment(read)["SINETTI_METRICS_TOKEN_FILE"];
    };
    expect(told(who.config)).toBe(join(place.path, "who", "secrets", "metrics.token"));
    const { metricsToken: _, ...without } = good;
    expect(faultsOf(without, "without.yaml")).toBe("taken");
    expect(told(join(place.path, "who", "without.yaml"))).toBeUndefined();
  });
});

describe("the web client that a configuration names", () => {
  it("is one that was built", () => {
    const url = (name: string): string => `https://${name}.example.org`;
    const services = { who: url("who"), what: url("what"), gate: url("gate") };
    const { config } = initPart(planOf("app", { services }));
    expect(readServeConfig(config)).toMatchObject({ part: "app", services });
    writeFileSync(config, `${readFileSync(config, "utf8")}site: elsewhere\n`);
    expect(() => readServeConfig(config)).toThrow(InputError);
  });
});

describe("serve init", () => {
  it("writes no secret but into files of its own, each private", () => {
    const secrets = ["service.key", "kek.key", "lookup.key", "owner.password", "app.password"];
    const texts = secrets.map((name) =>
      readFileSync(join(place.path, "gate", "secrets", name), "utf8").trim(),
    );
    const script = readFileSync(gate.script ?? "", "utf8");
    const config = readFileSync(gate.config, "utf8");
    for (const text of texts) {
      expect(script).not.toContain(text);
      expect(config).not.toContain(text);
    }
    expect(script).toMatch(/PASSWORD 'SCRAM-SHA-256\$4096:/);
  });

  it("replaces no key", () => {
    expect(() => initPart(planOf("gate"))).toThrow(UsageError);
  });

  it("takes a database by the folder of its socket, also where it listens on another port", () => {
    const made = initPart({
      part: "gate",
      out: join(place.path, "on-a-socket"),
      listen: "127.0.0.1:443",
      origins: ["https://app.example.org"],
      database: "/run/postgresql:5433/sinetti",
    });
    const { database: found } = readServeConfig(made.config) as { database?: unknown };
    expect(found).toMatchObject({ host: "/run/postgresql", port: 5433, name: "sinetti" });
  });

  it("makes nothing of what `serve` would refuse", () => {
    const out = join(place.path, "never");
    const plan = planOf("what", { out, gateKey: "abc" });
    expect(() => initPart(plan)).toThrow(InputError);
    expect(() => readFileSync(join(out, "secrets", "service.key"))).toThrow(/ENOENT/);
  });
});
