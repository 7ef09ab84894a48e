import { spawn, type ChildProcess, type ChildProcessByStdio } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";

import { initPart, type MadePart } from "../packages/cli/src/serve/initPart.ts";
import { PARTS, type Part } from "../packages/cli/src/serve/serveConfig.ts";
import { runScript, startBareCluster, type BareCluster } from "./bareCluster.ts";
import type { FoundBrowser } from "./browser.ts";
import { checkHosts, type PlannedHost } from "./checkHosts.ts";
import { exampleRules, makeNetwork, type Form, type HostNetwork } from "./hostNetwork.ts";
import { TestAuthority, keyHash, type TestCertificate } from "./testCertificate.ts";

const ROOT = join(import.meta.dirname, "..");
const MAIN = join(ROOT, "packages", "cli", "src", "main.ts");
const SERVICES = ["gate", "who", "what"] as const;
const HTTPS = 443;

/** Four hosts, each serving its part over TLS under a name of its own, and the desk that the staff sits at. */
export interface ServedHosts {
  /** `https://app…`, as a person types it. */
  readonly origin: string;
  readonly services: Readonly<Record<(typeof SERVICES)[number], string>>;
  /** A Chromium at the staff's desk: it knows the hosts' names, and believes their four keys and no other. */
  readonly browser: FoundBrowser & { readonly flags: readonly string[] };
  /** The folder that holds what the parts were made with. */
  readonly folder: string;
  installationCode(): string;
  /** What each host finds of the others, by `check deployment`. */
  check(): ReturnType<typeof checkHosts>;
  stop(): Promise<void>;
}

interface Place {
  readonly address: string;
  readonly port: number;
}

const nameOf = (part: Part): string => `${part}.sinetti.test`;
const originOf = (part: Part, { port }: Place): string =>
  `https://${nameOf(part)}${port === HTTPS ? "" : `:${port}`}`;

async function freePort(address: string): Promise<number> {
  const server = createServer().listen(0, address);
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

async function placeParts(form: Form): Promise<Record<Part, Place>> {
  const net = form === "namespaces" ? "10.78.0" : "127.0.0";
  const placed = PARTS.map(async (part, at) => {
    const address = `${net}.${at + 2}`;
    const port = form === "namespaces" ? HTTPS : await freePort(address);
    return [part, { address, port }] as const;
  });
  return Object.fromEntries(await Promise.all(placed)) as Record<Part, Place>;
}

function joinHosts(places: Record<Part, Place>): HostNetwork {
  const staff = "10.78.0.20";
  const hosts = PARTS.map((part) => {
    const { address } = places[part];
    return [part, { address, rules: exampleRules(part, staff) }] as const;
  });
  const desk = { address: staff, rules: null };
  return makeNetwork(`${process.pid}-served`, { ...Object.fromEntries(hosts), staff: desk });
}

/** Each part as `serve init` makes it, on a PostgreSQL of its own that listens on a socket alone. */
function makeParts(
  folder: string,
  made: {
    places: Record<Part, Place>;
    clusters: Record<string, BareCluster>;
    certificates: Record<Part, TestCertificate>;
  },
): Record<Part, MadePart> {
  const { places, clusters, certificates } = made;
  const planOf = (part: Part): Parameters<typeof initPart>[0] => ({
    part,
    out: join(folder, part),
    listen: `${places[part].address}:${places[part].port}`,
    origins: [originOf("app", places.app)],
    tls: certificates[part],
    database: `${clusters[part]?.socketDir ?? ""}:${clusters[part]?.port ?? ""}/sinetti`,
  });
  const gate = initPart(planOf("gate"));
  const gateKey = gate.publicKey ?? "";
  return {
    gate,
    who: initPart({ ...planOf("who"), gateKey }),
    what: initPart({ ...planOf("what"), gateKey }),
    app: initPart({ ...planOf("app"), services: serviceOrigins(places) }),
  };
}

function serviceOrigins(places: Record<Part, Place>): ServedHosts["services"] {
  const { who, what, gate } = places;
  return { who: originOf("who", who), what: originOf("what", what), gate: originOf("gate", gate) };
}

/** Waits until a part that was started takes requests. Error: it ended before, with what it said. */
async function readiness(part: Part, child: ChildProcessByStdio<null, Readable, Readable>) {
  let errors = "";
  child.stderr.on("data", (text: Buffer) => (errors += text.toString()));
  const isReady = await new Promise<boolean>((resolve) => {
    createInterface({ input: child.stdout }).once("line", () => resolve(true));
    child.once("error", () => resolve(false));
    child.once("close", () => resolve(false));
  });
  if (!isReady) throw new Error(`${part} is not served (exit ${child.exitCode}):\n${errors}`);
}

/** All of them, or the first failure once each has ended: nothing is left under way behind it. */
async function allOf(work: readonly Promise<void>[]): Promise<void> {
  const failed = (await Promise.allSettled(work)).find(({ status }) => status === "rejected");
  if (failed?.status === "rejected") throw failed.reason;
}

async function endOf(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.kill("SIGTERM");
  await ended;
}

function flagsOf(
  places: Record<Part, Place>,
  certificates: Record<Part, TestCertificate>,
): readonly string[] {
  const names = PARTS.map((part) => `MAP ${nameOf(part)} ${places[part].address}`);
  const keys = PARTS.map((part) => keyHash(certificates[part].certificate));
  return [
    `--host-resolver-rules=${names.join(", ")}`,
    `--ignore-certificate-errors-spki-list=${keys.join(",")}`,
  ];
}

function plannedHosts(
  places: Record<Part, Place>,
  clusters: Record<string, BareCluster>,
): Record<string, PlannedHost> {
  const planned = PARTS.map((part) => {
    const { socketDir, port } = clusters[part] ?? {};
    const socket = socketDir === undefined ? null : join(socketDir, `.s.PGSQL.${port}`);
    return [part, { ...places[part], socket }] as const;
  });
  return Object.fromEntries(planned);
}

/** Makes the four hosts and starts what each runs. Error: a part is not served, with its own words. */
export async function startServedHosts(form: Form, found: FoundBrowser): Promise<ServedHosts> {
  const folder = mkdtempSync(join(tmpdir(), "sinetti-served-"));
  chmodSync(folder, 0o755);
  const clusters: Record<string, BareCluster> = {};
  const served: ChildProcess[] = [];
  let network: HostNetwork | undefined;
  const on = (host: string, ...command: readonly string[]): readonly string[] =>
    network === undefined ? command : ["ip", "netns", "exec", network.nameOf(host), ...command];
  const stop = async (): Promise<void> => {
    await Promise.all(served.map(endOf));
    await Promise.all(Object.values(clusters).map((cluster) => cluster.stop()));
    network?.remove();
    rmSync(folder, { recursive: true, force: true });
  };
  const startCluster = async (service: string): Promise<void> => {
    const hba = "local all all scram-sha-256\n";
    clusters[service] = await startBareCluster({ settings: { listen_addresses: "" }, hba });
  };
  const serve = async (part: Part, { config, script }: MadePart): Promise<void> => {
    const cluster = clusters[part];
    if (cluster !== undefined && script !== null) await runScript(cluster, script);
    const words = on(part, process.execPath, MAIN, "serve", part, "--config", config);
    const child = spawn(words[0] ?? "", words.slice(1), { stdio: ["ignore", "pipe", "pipe"] });
    served.push(child);
    await readiness(part, child);
  };
  try {
    const places = await placeParts(form);
    if (form === "namespaces") network = joinHosts(places);
    const authority = new TestAuthority(folder);
    const issued = PARTS.map((part) => [part, authority.issue(part, [nameOf(part)])] as const);
    const certificates = Object.fromEntries(issued) as Record<Part, TestCertificate>;
    await allOf(SERVICES.map(startCluster));
    const made = makeParts(folder, { places, clusters, certificates });
    await allOf(PARTS.map((part) => serve(part, made[part])));
    const executable = join(folder, "chromium");
    const line = on("staff", found.executable).map((word) => `'${word}'`);
    writeFileSync(executable, `#!/bin/sh\nexec ${line.join(" ")} "$@"\n`, { mode: 0o755 });
    const code = made.gate.installationCode ?? "";
    return {
      origin: originOf("app", places.app),
      services: serviceOrigins(places),
      folder,
      browser: { ...found, executable, flags: flagsOf(places, certificates) },
      installationCode: () => readFileSync(code, "utf8").trim(),
      check: () => checkHosts(folder, { hosts: plannedHosts(places, clusters), on }),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
