import { createAdaptorServer } from "@hono/node-server";

const SWEEP_MS = 20;

type Server = ReturnType<typeof createAdaptorServer>;

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
): Server {
  return createAdaptorServer({ fetch, serverOptions: times });
}

/** Resolves with the address when requests are taken; port 0 lets the system choose. */
export function listen(
  server: Server,
  { hostname, port }: { hostname: string; port: number },
): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, hostname, () => {
      const address = server.address();
      const bound = typeof address === "object" && address !== null ? address.port : port;
      resolve(`http://${hostname}:${bound}`);
    });
  });
}

/** Takes nothing more, finishes what is under way, then `end`s; `onStop` is told first. */
export function stopOnSignal(server: Server, end: () => Promise<void>, onStop: () => void): void {
  const stop = (): void => {
    onStop();
    // Whoever listens to hints asks again at once over the same connection, and would keep it open.
    const sweeping = setInterval(() => {
      if ("closeIdleConnections" in server) server.closeIdleConnections();
    }, SWEEP_MS);
    server.close(() => {
      clearInterval(sweeping);
      void end();
    });
  };
  process.once("SIGTERM", stop);
  process.once("SIGINT", stop);
}
