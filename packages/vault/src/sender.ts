import { isIPv6 } from "node:net";

const GROUPS = 8;
/** RFC 6177 §2: one customer is given a /64 at least, so whoever has one address of it has all. */
const SITE_GROUPS = 4;

/** Who counts as one sender: an IPv4 address, or the /64 of an IPv6 address, whose single addresses cost nobody anything. */
export function senderOf(address: string): string {
  const [plain = ""] = address.split("%");
  if (!isIPv6(plain) || plain.includes(".")) return address;
  const [front = [], back] = plain.split("::").map((part) => part.split(":").filter(Boolean));
  const zeros = Array<string>(GROUPS - front.length - (back?.length ?? 0)).fill("0");
  const groups = back === undefined ? front : [...front, ...zeros, ...back];
  return `${groups.slice(0, SITE_GROUPS).join(":")}::/64`;
}
