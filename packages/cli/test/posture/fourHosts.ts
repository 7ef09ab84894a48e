import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { makeNetwork, must, type Form, type HostNetwork } from "../../../../tools/hostNetwork.ts";
import { TestAuthority } from "../../../../tools/testCertificate.ts";

const main = fileURLToPath(new URL("../../src/main.ts", import.meta.url));
const compileCache = fileURLToPath(
  new URL("../../../../node_modules/.cache/sinetti", import.meta.url),
);
const programs = fileURLToPath(new URL("fixtures/hostPrograms.ts", import.meta.url));

export const HOSTS = ["app", "who", "what", "gate"] as const;
export type HostName = (typeof HOSTS)[number];

export interface HostProcess {
  readonly child: ChildProcess;
  end(): Promise<void>;
}

/** Four hosts, each with its services, and nothing between them but what a plan allows. */
export interface FourHosts {
  readonly form: Form;
  readonly folder: string;
  readonly address: Readonly<Record<HostName, string>>;
  readonly port: Readonly<Record<HostName, number>>;
  /** Starts the command line on a host. */
  begin(host: HostName, args: readonly string[]): ChildProcess;
  /** Starts a program that listens, as somebody does by hand. */
  listen(host: HostName, port: number): Promise<HostProcess>;
  /** Lets one host through to a port of another; gives what closes it again. Where there is no firewall nothing is to be done. */
  letThrough(from: HostName, to: HostName, port: number): () => void;
  /** Name of the network namespace of a host; undefined: there is none. */
  namespaceOf(host: HostName): string | undefined;
  stop(): Promise<void>;
}

const PORTS: Readonly<Record<HostName, number>> = {
  app: 14_443,
  who: 14_601,
  what: 14_602,
  gate: 14_603,
};

/** Lets in from app to the service alone; gate says no, the others say nothing. */
function firewall(host: HostName, addressOfApp: string): string {
  const end = host === "gate" ? "reject with tcp reset" : "drop";
  const service = host === "app" ? "" : `ip saddr ${addressOfApp} tcp dport ${PORTS[host]} accept`;
  return `table inet filter {
    chain input {
      type filter hook input priority 0; policy drop;
      ct state established,related accept
      iif lo accept
      ${service}
      meta l4proto tcp ${end}
    }
  }`;
}

function letIn(own: string, from: string, port: number): () => void {
  const rule = `insert rule inet filter input ip saddr ${from} tcp dport ${port} accept`;
  const said = must("ip", ["netns", "exec", own, "nft", "-ea", rule]);
  const handle = /# handle (\d+)/.exec(said)?.[1] ?? "";
  return () =>
    void must("ip", [
      "netns",
      "exec",
      own,
      "nft",
      `delete rule inet filter input handle ${handle}`,
    ]);
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, "exit");
  child.kill("SIGTERM");
  await exit;
}

/** Makes four hosts, each with a service that speaks TLS. */
export async function startFourHosts(form: Form): Promise<FourHosts> {
  const folder = mkdtempSync(join(tmpdir(), "sinetti-hosts-"));
  const net = form === "namespaces" ? "10.77.0" : "127.0.0";
  const address = { app: `${net}.2`, who: `${net}.3`, what: `${net}.4`, gate: `${net}.5` };
  const running: ChildProcess[] = [];
  let network: HostNetwork | undefined;
  const nameOf = (host: HostName): string => network?.nameOf(host) ?? "";
  const spawnOn = (host: HostName, args: readonly string[]): ChildProcess => {
    const [command, ...rest] =
      form === "namespaces"
        ? ["ip", "netns", "exec", nameOf(host), process.execPath, ...args]
        : [process.execPath, ...args];
    const child = spawn(command ?? "", rest, {
      cwd: folder,
      env: { ...process.env, NODE_COMPILE_CACHE: compileCache },
      stdio: ["ignore", "pipe", "pipe"],
    });
    running.push(child);
    return child;
  };
  const stop = async (): Promise<void> => {
    await Promise.all(running.map(ended));
    network?.remove();
    rmSync(folder, { recursive: true });
  };
  const listenOn = async (host: HostName, listeners: readonly object[]): Promise<HostProcess> => {
    const child = spawnOn(host, [programs, JSON.stringify(listeners)]);
    const [said] = (await Promise.race([
      once(child.stdout ?? child, "data"),
      once(child, "exit").then(() => ["it ended"]),
    ])) as [Buffer | string];
    if (said.toString() !== "ready\n") throw new Error(`${host}: ${said.toString()}`);
    return { child, end: () => ended(child) };
  };
  try {
    if (form === "namespaces")
      network = makeNetwork(
        `${process.pid}`,
        Object.fromEntries(
          HOSTS.map((host) => [
            host,
            { address: address[host], rules: firewall(host, address.app) },
          ]),
        ),
      );
    const authority = new TestAuthority(folder);
    await Promise.all(
      HOSTS.map((host) =>
        listenOn(host, [
          { address: address[host], port: PORTS[host], ...authority.issue(host, [address[host]]) },
        ]),
      ),
    );
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    form,
    folder,
    address,
    port: PORTS,
    begin: (host, args) => spawnOn(host, [main, "--json", ...args]),
    listen: (host, port) => listenOn(host, [{ address: address[host], port }]),
    letThrough: (from, to, port) =>
      form === "namespaces" ? letIn(nameOf(to), address[from], port) : () => undefined,
    namespaceOf: (host) => (form === "namespaces" ? nameOf(host) : undefined),
    stop,
  };
}

/** The plan of these hosts: app may ask each service, and nobody else reaches anything. */
export function writePlan(hosts: FourHosts, keys: Readonly<Record<HostName, string>>): string {
  const path = join(hosts.folder, "plan.yaml");
  const lines = HOSTS.map(
    (host) =>
      `  ${host}: { addresses: [${hosts.address[host]}], key: "${keys[host]}"${host === "app" ? ", reaches: [who, what, gate]" : ""} }`,
  );
  // On one host everybody reaches every address of it: there the services are open to each other, and the plan says so.
  const open = HOSTS.map((host) => {
    const others = ["web", "who", "what", "gate"].filter(
      (name) => name !== (host === "app" ? "web" : host),
    );
    return `  ${host}: { addresses: [${hosts.address[host]}], key: "${keys[host]}", reaches: [${others.join(", ")}] }`;
  });
  const services = HOSTS.map(
    (host) =>
      `  ${host === "app" ? "web" : host}: { host: ${host}, port: ${hosts.port[host]}, speaks: tls }`,
  );
  writeFileSync(
    path,
    `sinettiDeployment: 1
hosts:
${(hosts.form === "namespaces" ? lines : open).join("\n")}
services:
${services.join("\n")}
probe: [15432]
`,
  );
  return path;
}
