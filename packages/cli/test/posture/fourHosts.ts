import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { TestAuthority } from "../../../../tools/testCertificate.ts";

const main = fileURLToPath(new URL("../../src/main.ts", import.meta.url));
const compileCache = fileURLToPath(
  new URL("../../../../node_modules/.cache/sinetti", import.meta.url),
);
const programs = fileURLToPath(new URL("fixtures/hostPrograms.ts", import.meta.url));

export const HOSTS = ["app", "who", "what", "gate"] as const;
export type HostName = (typeof HOSTS)[number];

/** Network namespaces behind nftables where the machine can, else four addresses of this one host. */
export type Form = "namespaces" | "addresses";

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

function runs(command: string, ...args: readonly string[]): boolean {
  return spawnSync(command, args, { stdio: "ignore" }).status === 0;
}

function must(command: string, ...args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`${command} ${args.join(" ")}: ${stderr}`);
  return stdout;
}

/** What this machine lets us do. */
export function formOf(): Form {
  if (process.getuid?.() !== 0) return "addresses";
  const name = `sinetti-try-${process.pid}`;
  if (!runs("ip", "netns", "add", name)) return "addresses";
  const inside = ["ip", "netns", "exec", name];
  const [ip = "", ...exec] = inside;
  const can =
    runs(ip, ...exec, "ip", "link", "add", "name", "sw", "type", "bridge") &&
    runs(ip, ...exec, "ip", "link", "add", "name", "va", "type", "veth", "peer", "name", "vb") &&
    runs(ip, ...exec, "nft", "add table inet filter") &&
    runs(
      ip,
      ...exec,
      "nft",
      "add chain inet filter input { type filter hook input priority 0; }",
    ) &&
    runs(ip, ...exec, "nft", "add rule inet filter input ct state established accept");
  runs("ip", "netns", "del", name);
  return can ? "namespaces" : "addresses";
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

function makeNetwork(nameOf: (host: string) => string, address: FourHosts["address"]): void {
  const hub = nameOf("hub");
  must("ip", "netns", "add", hub);
  must("ip", "-n", hub, "link", "add", "name", "sw", "type", "bridge");
  must("ip", "-n", hub, "link", "set", "sw", "up");
  for (const host of HOSTS) {
    const own = nameOf(host);
    must("ip", "netns", "add", own);
    must(
      "ip",
      "-n",
      hub,
      "link",
      "add",
      "name",
      host,
      "type",
      "veth",
      "peer",
      "name",
      "eth0",
      "netns",
      own,
    );
    must("ip", "-n", hub, "link", "set", host, "master", "sw", "up");
    must("ip", "-n", own, "addr", "add", `${address[host]}/24`, "dev", "eth0");
    must("ip", "-n", own, "link", "set", "eth0", "up");
    must("ip", "-n", own, "link", "set", "lo", "up");
    const rules = spawnSync("ip", ["netns", "exec", own, "nft", "-f", "-"], {
      input: firewall(host, address.app),
      encoding: "utf8",
    });
    if (rules.status !== 0) throw new Error(rules.stderr);
  }
}

function letIn(own: string, from: string, port: number): () => void {
  const rule = `insert rule inet filter input ip saddr ${from} tcp dport ${port} accept`;
  const said = must("ip", "netns", "exec", own, "nft", "-ea", rule);
  const handle = /# handle (\d+)/.exec(said)?.[1] ?? "";
  return () =>
    void must("ip", "netns", "exec", own, "nft", `delete rule inet filter input handle ${handle}`);
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
  const tag = `${process.pid}`;
  const nameOf = (host: string): string => `sinetti-${tag}-${host}`;
  const net = form === "namespaces" ? "10.77.0" : "127.0.0";
  const address = { app: `${net}.2`, who: `${net}.3`, what: `${net}.4`, gate: `${net}.5` };
  const running: ChildProcess[] = [];
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
    if (form === "namespaces")
      for (const host of [...HOSTS, "hub"]) runs("ip", "netns", "del", nameOf(host));
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
    if (form === "namespaces") makeNetwork(nameOf, address);
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
