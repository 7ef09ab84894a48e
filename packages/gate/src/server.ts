import { createServer as createSecureServer, type Server as SecureServer } from "node:https";

import { createAdaptorServer } from "@hono/node-server";
import { readCertificate, type CertificateFiles } from "./certificate.ts";
import type { Log } from "./log.ts";

const SWEEP_MS = 20;

type Server = ReturnType<typeof createAdaptorServer>;
type Fetch = Parameters<typeof createAdaptorServer>[0]["fetch"];

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

/** A server that hangs up on whoever begins a request and does not end it. Error: CertificateError. */
export function makeServer(
  fetch: Fetch,
  options: { times?: SendTimes; certificate?: CertificateFiles | null } = {},
): Server {
  const { times = SEND_TIMES, certificate = null } = options;
  if (certificate === null) return createAdaptorServer({ fetch, serverOptions: times });
  return createAdaptorServer({
    fetch,
    createServer: createSecureServer,
    serverOptions: { ...times, ...readCertificate(certificate) },
  });
}

/** Resolves with the address when requests are taken; port 0 lets the system choose. */
export function listen(
  server: Server,
  { hostname, port }: { hostname: string; port: number },
): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, hostname.replaceAll(/[[\]]/g, ""), () => {
      const address = server.address();
      const bound = typeof address === "object" && address !== null ? address.port : port;
      const scheme = "setSecureContext" in server ? "https" : "http";
      resolve(`${scheme}://${hostname}:${bound}`);
    });
  });
}

/** Serves with the certificate as its files are at SIGHUP; who is connected stays so, and one that cannot be read changes nothing. */
export function renewOnSignal(server: Server, files: CertificateFiles | null, log: Log): void {
  if (files === null) return;
  process.on("SIGHUP", () => {
    try {
      (server as SecureServer).setSecureContext(readCertificate(files));
      log.warn("serves with the certificate that is there now");
    } catch (error) {
      const reason = error instanceof Error ? error.message : "unknown";
      log.error({ reason }, "serves on with the certificate from before");
    }
  });
}

/** How a server is stopped. */
export interface Stop {
  /** Told first. */
  readonly onStop: () => void;
  /** When all that was under way is done. */
  readonly end: () => Promise<void>;
  /** Whoever started this holds its standard input, and its end is a signal too. */
  readonly endsWithInput?: boolean;
}

/** Takes nothing more when asked to stop, finishes what is under way, then ends. */
export function stopOnSignal(server: Server, { onStop, end, endsWithInput }: Stop): void {
  let isStopping = false;
  const stop = (): void => {
    // A terminal, a supervisor and whoever started this may all say so.
    if (isStopping) return;
    isStopping = true;
    onStop();
    // Whoever listens to hints asks again at once over the same connection, and would keep it open.
    const sweeping = setInterval(() => {
      if ("closeIdleConnections" in server) server.closeIdleConnections();
    }, SWEEP_MS);
    server.close(() => {
      clearInterval(sweeping);
      if (endsWithInput === true) process.stdin.destroy();
      void end();
    });
  };
  for (const signal of ["SIGTERM", "SIGINT"]) process.on(signal, stop);
  if (endsWithInput === true) process.stdin.on("close", stop).resume();
}
