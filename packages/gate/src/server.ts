import { createAdaptorServer } from "@hono/node-server";

/** How long whoever sends a request may take, in milliseconds; an answer may take as long as it likes. */
interface SendTimes {
  readonly headersTimeout: number;
  /** The whole request, its body too. */
  readonly requestTimeout: number;
  readonly connectionsCheckingInterval: number;
}

/** 16 MiB in two minutes is about a megabit a second. */
const SEND_TIMES: SendTimes = {
  headersTimeout: 15_000,
  requestTimeout: 120_000,
  connectionsCheckingInterval: 5_000,
};

/** A server that hangs up on whoever begins a request and does not end it. */
export function makeServer(
  fetch: Parameters<typeof createAdaptorServer>[0]["fetch"],
  times: SendTimes = SEND_TIMES,
): ReturnType<typeof createAdaptorServer> {
  return createAdaptorServer({ fetch, serverOptions: times });
}
