import { BlockList, isIPv4, isIPv6 } from "node:net";

import type { HbaLine, Membership, Role } from "./collect/snapshot.ts";

const NAMED_LOOPBACK = new Set(["localhost"]);
const V4_BITS = 32;
const V6_BITS = 128;

interface Network {
  readonly address: string;
  readonly bits: number;
  readonly family: "ipv4" | "ipv6";
}

function maskBits(netmask: string): number {
  if (isIPv4(netmask))
    return netmask
      .split(".")
      .reduce((bits, part) => bits + Number(part).toString(2).replaceAll("0", "").length, 0);
  const [head = "", tail] = netmask.split("::");
  const groups = [...head.split(":"), ...(tail ?? "").split(":")].filter((group) => group !== "");
  return groups.reduce(
    (bits, group) => bits + Number.parseInt(group, 16).toString(2).replaceAll("0", "").length,
    0,
  );
}

/** The network of a line; null: a name, or a word such as `samenet`. */
export function networkOf({ address, netmask }: HbaLine): Network | null {
  if (address === null) return null;
  const family = isIPv4(address) ? "ipv4" : isIPv6(address) ? "ipv6" : null;
  if (family === null) return null;
  const whole = family === "ipv4" ? V4_BITS : V6_BITS;
  return { address, family, bits: netmask === null ? whole : maskBits(netmask) };
}

const loopback = new BlockList();
loopback.addSubnet("127.0.0.0", 8, "ipv4");
loopback.addAddress("::1", "ipv6");

/** Whether an address never leaves the machine. */
export function isLoopback(address: string): boolean {
  if (NAMED_LOOPBACK.has(address)) return true;
  if (isIPv4(address)) return loopback.check(address, "ipv4");
  return isIPv6(address) && loopback.check(address, "ipv6");
}

/** Whether a line lets in from another machine. */
export function isRemote(line: HbaLine): boolean {
  if (line.type === "local" || line.error !== null || line.method === "reject") return false;
  if (line.address === "samehost") return false;
  const network = networkOf(line);
  if (network === null) return !isLoopback(line.address ?? "");
  const wide = network.family === "ipv4" ? 8 : V6_BITS;
  return !(isLoopback(network.address) && network.bits >= wide);
}

function covers(earlier: HbaLine, later: HbaLine): boolean {
  const isSameWay =
    earlier.type === later.type || (earlier.type === "host" && later.type.startsWith("host"));
  if (!isSameWay) return false;
  const isAllDatabases =
    earlier.databases.includes("all") && !later.databases.includes("replication");
  const holdsDatabases =
    isAllDatabases || later.databases.every((name) => earlier.databases.includes(name));
  return holdsDatabases && coversAddress(earlier, later);
}

function coversAddress(earlier: HbaLine, later: HbaLine): boolean {
  if (later.type === "local" || earlier.address === "all") return true;
  const [wide, narrow] = [networkOf(earlier), networkOf(later)];
  if (wide === null || narrow === null) return earlier.address === later.address;
  if (wide.family !== narrow.family || wide.bits > narrow.bits) return false;
  const list = new BlockList();
  list.addSubnet(wide.address, wide.bits, wide.family);
  return list.check(narrow.address, narrow.family);
}

function surelyNames(line: HbaLine, role: Role, memberships: readonly Membership[]): boolean {
  return line.roles.some((word) => {
    if (word === "all" || word === role.name) return true;
    return word.startsWith("+") && isMember(role.name, word.slice(1), memberships);
  });
}

/** Whether a line names a role: itself, `all`, by a group, or by an expression. */
export function namesRole(line: HbaLine, role: Role, memberships: readonly Membership[]): boolean {
  // An expression of PostgreSQL is not one of ours: when in doubt it names everybody.
  const isOpen = line.roles.some((word) => word.startsWith("/"));
  return isOpen || surelyNames(line, role, memberships);
}

/** Whether a line lets in whoever comes: `trust`, but for a certificate that must name the role. */
export function asksNobody({ method, options }: HbaLine): boolean {
  return method === "trust" && !options.includes("clientcert=verify-full");
}

function isMember(member: string, role: string, memberships: readonly Membership[]): boolean {
  const seen = new Set([member]);
  for (const name of seen) {
    if (name === role) return true;
    for (const one of memberships) if (one.member === name) seen.add(one.role);
  }
  return false;
}

/** The lines by which a role is let in from another machine: those that no earlier line takes from them. */
export function remoteLinesOf(
  role: Role,
  lines: readonly HbaLine[],
  memberships: readonly Membership[],
): HbaLine[] {
  if (!role.login) return [];
  const named = lines.filter((line) => line.error === null && namesRole(line, role, memberships));
  // What may not be about the role takes nothing from it.
  const takes = (earlier: HbaLine, line: HbaLine): boolean =>
    surelyNames(earlier, role, memberships) && covers(earlier, line);
  return named.filter(
    (line, index) =>
      isRemote(line) && !named.slice(0, index).some((earlier) => takes(earlier, line)),
  );
}

/** A name as a line takes it. */
export function wordText(word: string): string {
  return /[\s,#"]/.test(word) ? `"${word.replaceAll('"', '""')}"` : word;
}

/** A line as it stands in pg_hba.conf. */
export function hbaText(line: HbaLine): string {
  const bits = networkOf(line)?.bits;
  const address =
    line.address === null ? [] : [bits === undefined ? line.address : `${line.address}/${bits}`];
  return [
    line.type,
    line.databases.map(wordText).join(","),
    line.roles.map(wordText).join(","),
    ...address,
    line.method,
    ...line.options,
  ].join(" ");
}
