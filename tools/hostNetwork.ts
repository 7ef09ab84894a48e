import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

const EXAMPLES = join(import.meta.dirname, "..", "docs", "examples", "nftables");

/** Network namespaces behind nftables where the machine can, else addresses of this one host. */
export type Form = "namespaces" | "addresses";

/** A host of a network: its address, and the script of its firewall. */
export interface NetworkHost {
  readonly address: string;
  /** For `nft -f`; null: none stands before it. */
  readonly rules: string | null;
}

/** Hosts that are joined by one switch and by nothing else. */
export interface HostNetwork {
  /** Name of the namespace of a host. */
  nameOf(host: string): string;
  remove(): void;
}

/** Whether a command ended well. */
function runs(command: string, ...args: readonly string[]): boolean {
  return spawnSync(command, args, { stdio: "ignore" }).status === 0;
}

/** What a command wrote. Error: it did not end well. */
export function must(command: string, args: readonly string[], input = ""): string {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: "utf8", input });
  if (status !== 0) throw new Error(`${command} ${args.join(" ")}: ${stderr}`);
  return stdout;
}

/** What this machine lets us do. */
export function formOf(): Form {
  if (process.getuid?.() !== 0) return "addresses";
  const name = `sinetti-try-${process.pid}`;
  if (!runs("ip", "netns", "add", name)) return "addresses";
  const can = [
    "ip link add name sw type bridge",
    "ip link add name va type veth peer name vb",
    "nft add table inet filter",
    "nft add chain inet filter input { type filter hook input priority 0; }",
    "nft add rule inet filter input ct state established accept",
    "nft add rule inet filter input limit rate 6/minute log",
  ].every((line) => runs("ip", "netns", "exec", name, ...line.split(" ")));
  runs("ip", "netns", "del", name);
  return can ? "namespaces" : "addresses";
}

/** Makes a namespace for each host, a switch between them, and each host's firewall. Error: the machine does not let us. */
export function makeNetwork(
  tag: string,
  hosts: Readonly<Record<string, NetworkHost>>,
): HostNetwork {
  const nameOf = (host: string): string => `sinetti-${tag}-${host}`;
  const hub = nameOf("hub");
  const remove = (): void => {
    for (const host of [...Object.keys(hosts), "hub"]) runs("ip", "netns", "del", nameOf(host));
  };
  const ip = (line: string): string => must("ip", line.split(" "));
  try {
    ip(`netns add ${hub}`);
    ip(`-n ${hub} link add name sw type bridge`);
    ip(`-n ${hub} link set sw up`);
    for (const [host, { address, rules }] of Object.entries(hosts)) {
      const own = nameOf(host);
      ip(`netns add ${own}`);
      ip(`-n ${hub} link add name ${host} type veth peer name eth0 netns ${own}`);
      ip(`-n ${hub} link set ${host} master sw`);
      ip(`-n ${hub} link set ${host} up`);
      ip(`-n ${own} addr add ${address}/24 dev eth0`);
      ip(`-n ${own} link set eth0 up`);
      ip(`-n ${own} link set lo up`);
      if (rules !== null) must("ip", ["netns", "exec", own, "nft", "-f", "-"], rules);
    }
  } catch (error) {
    remove();
    throw error;
  }
  return { nameOf, remove };
}

/** The firewall that `docs/examples` gives the host of a part, with the address of this network's staff. */
export function exampleRules(part: string, staff: string): string {
  const addresses = readFileSync(join(EXAMPLES, "addresses.nft"), "utf8").replace(
    /^define STAFF = .*$/m,
    `define STAFF = { ${staff} }`,
  );
  const rules = readFileSync(join(EXAMPLES, `${part}.nft`), "utf8");
  return rules.replace('include "./addresses.nft"', () => addresses);
}
