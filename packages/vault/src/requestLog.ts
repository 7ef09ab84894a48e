import { randomUUID } from "node:crypto";

import { problemResponse, toRefusal, type Refusal } from "./problem.ts";
import type { Vault } from "./vault.ts";

/** A request on its way through a route. */
export interface Served {
  readonly request: Request;
  readonly address: string;
  readonly route: string;
}

/** Where our own fault lies: the frames alone, since a message could carry what was sent. */
function framesOf(error: unknown): string[] {
  const stack = error instanceof Error ? (error.stack ?? "") : "";
  return stack
    .split("\n")
    .filter((line) => /^\s+at /.test(line))
    .map((line) => line.trim());
}

function logFault(vault: Vault, id: string, { cause }: Refusal): void {
  const name = cause instanceof Error ? cause.name : typeof cause;
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : null;
  vault.log.error({ id, name, code, frames: framesOf(cause) }, "fault");
}

/** Answers a request whatever happens, counts it, and writes one line: which route, how it went, how long it took. */
export async function observeRequest(
  vault: Vault,
  served: Served,
  answer: (served: Served) => Promise<Response>,
): Promise<Response> {
  const id = randomUUID();
  const start = vault.clock.monotonic();
  const { route } = served;
  const response = await answer(served).catch((error: unknown) => {
    const refusal = toRefusal(error);
    if (refusal.code === "internal" || refusal.code === "unavailable") logFault(vault, id, refusal);
    return problemResponse(refusal);
  });
  const seconds = vault.clock.monotonic() - start;
  const { status } = response;
  vault.metrics.requests.inc({ route, status });
  vault.metrics.seconds.observe({ route }, seconds);
  vault.log.info({ id, route, status, ms: Math.round(seconds * 1000) }, "request");
  return response;
}
