import { spawn, type ChildProcess } from "node:child_process";
import {
  chmodSync,
  chownSync,
  copyFileSync,
  mkdirSync,
  readFileSync,
  writeFileSync,
} from "node:fs";
import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

import { runScript, startBareCluster, type BareCluster } from "../../../../tools/bareCluster.ts";
import { TestAuthority } from "../../../../tools/testCertificate.ts";
import { initPart, type MadePart, type PartPlan } from "../../src/serve/initPart.ts";
import type { Part } from "../../src/serve/serveConfig.ts";
import { clusterAccount } from "../../src/start/clusterAccount.ts";
import { finished, type Ran } from "../commands/startedPractice.ts";
import { makePlace } from "../start/startedSystem.ts";

const main = fileURLToPath(new URL("../../src/main.ts", import.meta.url));
const compileCache = fileURLToPath(
  new URL("../../../../node_modules/.cache/sinetti", import.meta.url),
);
const SERVICES = ["gate", "who", "what"] as const;
type Service = (typeof SERVICES)[number];
/** Another version's programs, for a run by hand: `/usr/lib/postgresql/15/bin`. */
const BIN = process.env["SINETTI_TEST_POSTGRES"];

export async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, "127.0.0.1"));
  await Promise.all(servers.map((server) => once(server, "listening")));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

/** A PostgreSQL of an operator's own: TLS with a certificate of their authority, a password for everybody. */
export async function startOperatorCluster(
  folder: string,
  authority: TestAuthority,
  name: string,
  settings: Readonly<Record<string, string>> = {},
): Promise<BareCluster> {
  const made = authority.issue(`db-${name}`, ["localhost", "127.0.0.1"]);
  const account = clusterAccount();
  const given = Object.entries(made).map(([file, path]) => {
    const copy = join(folder, `db-${name}-of-postgres.${file}`);
    copyFileSync(path, copy);
    chmodSync(copy, 0o600);
    if (account) chownSync(copy, account.uid, account.gid);
    return [file, copy];
  });
  const { certificate, key } = Object.fromEntries(given) as Record<"certificate" | "key", string>;
  return startBareCluster({
    settings: {
      // The second is none of the four hosts', which another test may be at the same time.
      listen_addresses: "127.0.0.1,127.0.9.2",
      ssl: "on",
      ssl_cert_file: certificate,
      ssl_key_file: key,
      ssl_ca_file: authority.file,
      ssl_min_protocol_version: "TLSv1.3",
      password_encryption: "scram-sha-256",
      ...settings,
    },
    hba: [
      "local all postgres scram-sha-256",
      "hostssl sinetti sinetti_app,sinetti_owner,sinetti_posture 127.0.0.1/32 scram-sha-256",
      "",
    ].join("\n"),
    ...(BIN === undefined ? {} : { bin: BIN }),
  });
}

/** A part that serves, or ended instead. */
export interface Served {
  readonly child: ChildProcess;
  /** Its first line on standard output. */
  readonly said: Readonly<Record<string, unknown>>;
  readonly errors: () => string;
  stop(): Promise<number | null>;
}

const environment = (authority: TestAuthority): NodeJS.ProcessEnv => ({
  ...process.env,
  NODE_EXTRA_CA_CERTS: authority.file,
  NODE_COMPILE_CACHE: compileCache,
});

/** Runs `sinetti serve` as whoever operates a host does. */
export async function serve(
  part: Part,
  config: string,
  authority: TestAuthority,
): Promise<Served | Ran> {
  const child = spawn(process.execPath, [main, "serve", part, "--config", config], {
    cwd: "/",
    env: environment(authority),
    stdio: ["ignore", "pipe", "pipe"],
  });
  let errors = "";
  child.stderr.on("data", (text: Buffer) => (errors += text.toString()));
  const line = await new Promise<string | null>((resolve) => {
    createInterface({ input: child.stdout }).once("line", resolve);
    child.once("close", () => resolve(null));
  });
  if (line === null)
    return { exit: child.exitCode, stdout: "", stderr: errors, json: () => JSON.parse("null") };
  return {
    child,
    said: JSON.parse(line) as Record<string, unknown>,
    errors: () => errors,
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
      const ended = once(child, "exit");
      child.kill("SIGTERM");
      await ended;
      return child.exitCode;
    },
  };
}

/** Four parts, each a process of its own behind TLS, on three clusters of an operator's own. */
export class ServedSystem {
  readonly place = makePlace();
  readonly authority: TestAuthority;
  readonly clusters: Record<Service, BareCluster>;
  readonly made: Record<Part, MadePart>;
  readonly served: Partial<Record<Part, Served>> = {};
  readonly ports: Record<Part, number>;

  private constructor(parts: {
    place: ReturnType<typeof makePlace>;
    authority: TestAuthority;
    clusters: Record<Service, BareCluster>;
    made: Record<Part, MadePart>;
    ports: Record<Part, number>;
  }) {
    Object.assign(this, { place: parts.place });
    this.authority = parts.authority;
    this.clusters = parts.clusters;
    this.made = parts.made;
    this.ports = parts.ports;
  }

  /** Makes everything that is there before the first start. */
  static async make(): Promise<ServedSystem> {
    const place = makePlace();
    const { path } = place;
    const authority = new TestAuthority(path);
    const [gate, who, what] = await Promise.all(
      SERVICES.map((name) => startOperatorCluster(path, authority, name)),
    );
    if (!gate || !who || !what) throw new TypeError("three clusters");
    const clusters = { gate, who, what };
    const [a = 0, b = 0, c = 0, d = 0] = await freePorts(4);
    const ports = { who: a, what: b, gate: c, app: d };
    const made = makeParts(path, { authority, clusters, ports });
    await Promise.all(
      SERVICES.map((name) => runScript(clusters[name], made[name].script ?? "no script")),
    );
    return new ServedSystem({ place, authority, clusters, made, ports });
  }

  get origin(): string {
    return `https://localhost:${this.ports.app}`;
  }

  urlOf(part: Part): string {
    return `https://localhost:${this.ports[part]}`;
  }

  /** Serves a part; fails with what it said when it does not. */
  async serve(part: Part): Promise<Served> {
    const served = await serve(part, this.made[part].config, this.authority);
    if (!("said" in served)) throw new Error(`${part}: exit ${served.exit}: ${served.stderr}`);
    this.served[part] = served;
    return served;
  }

  /** Runs a command of the command line against the app's origin. */
  run(profile: string, ...args: readonly string[]): Promise<Ran> {
    const { path } = this.place;
    const words = ["--server", this.origin, "--profile", join(path, profile), "--json", ...args];
    const child = spawn(process.execPath, [main, ...words], {
      cwd: path,
      env: { ...environment(this.authority), SINETTI_PASSWORD: "a password of a test" },
      stdio: ["ignore", "pipe", "pipe"],
    });
    return finished(child);
  }

  async stop(): Promise<void> {
    await Promise.all(Object.values(this.served).map((served) => served.stop()));
    await Promise.all(Object.values(this.clusters).map((cluster) => cluster.stop()));
    this.place.remove();
  }
}

function makeParts(
  path: string,
  {
    authority,
    clusters,
    ports,
  }: {
    authority: TestAuthority;
    clusters: Record<Service, BareCluster>;
    ports: Record<Part, number>;
  },
): Record<Part, MadePart> {
  const origin = `https://localhost:${ports.app}`;
  const planOf = (part: Part): PartPlan => ({
    part,
    out: join(path, part),
    listen: `127.0.0.1:${ports[part]}`,
    origins: [origin],
    tls: authority.issue(part, ["localhost"]),
    database: part === "app" ? "" : `127.0.0.1:${clusters[part].port}/sinetti`,
    databaseCa: authority.file,
  });
  const gate = initPart(planOf("gate"));
  const vault = (part: "who" | "what"): MadePart =>
    initPart({ ...planOf(part), gateKey: gate.publicKey ?? "" });
  const services = {
    who: `https://localhost:${ports.who}`,
    what: `https://localhost:${ports.what}`,
    gate: `https://localhost:${ports.gate}`,
  };
  const app = initPart({ ...planOf("app"), services });
  const site = join(path, "site");
  mkdirSync(site);
  writeFileSync(join(site, "index.html"), "<!doctype html><title>Sinetti</title>");
  writeFileSync(app.config, `${readFileSync(app.config, "utf8")}site: ${site}\n`);
  return { who: vault("who"), what: vault("what"), gate, app };
}
