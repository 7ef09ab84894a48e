import { createHash, timingSafeEqual } from "node:crypto";

/** Whoever came through somebody else is not on this machine. */
const PASSED_ON = ["forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via"];
const BEARER = "Bearer ";

/** Who asks for the numbers. */
export interface MetricsCaller {
  /** Of the connection; undefined: in this process. */
  readonly address: string | undefined;
  readonly header: (name: string) => string | undefined;
}

function isLocal({ address, header }: MetricsCaller): boolean {
  if (PASSED_ON.some((name) => header(name) !== undefined)) return false;
  return address === undefined || address === "::1" || /^(?:::ffff:)?127\./.test(address);
}

/** With a token, whoever has it; without one, this machine alone. Numbers tell how busy a practice is. */
export function mayReadMetrics(caller: MetricsCaller, token: string | null): boolean {
  if (token === null) return isLocal(caller);
  const given = caller.header("authorization") ?? "";
  if (!given.startsWith(BEARER)) return false;
  // Of one length, whatever was given.
  const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(given.slice(BEARER.length)), digest(token));
}
