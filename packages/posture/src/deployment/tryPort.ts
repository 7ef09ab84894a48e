import { connect, type NetConnectOpts, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";

/**
 * What became of a connection. `refused`: somebody is there and says no; `unreachable`: something on the way says so;
 * `silent`: no answer in the time, as behind a firewall that drops, or from a host that is off.
 */
export type Reached = "open" | "refused" | "unreachable" | "silent" | "forbidden" | "absent";

const BY_CODE: Readonly<Record<string, Reached>> = {
  ECONNREFUSED: "refused",
  ECONNRESET: "refused",
  EHOSTUNREACH: "unreachable",
  ENETUNREACH: "unreachable",
  EHOSTDOWN: "unreachable",
  EADDRNOTAVAIL: "unreachable",
  ETIMEDOUT: "silent",
  EACCES: "forbidden",
  EPERM: "forbidden",
  ENOENT: "absent",
};

export interface TryOptions {
  readonly timeoutMs: number;
}

/** Opens a connection and hands it over, or says why there is none. */
export function openSocket(
  to: NetConnectOpts,
  { timeoutMs }: TryOptions,
): Promise<Socket | Exclude<Reached, "open">> {
  return new Promise((resolve, reject) => {
    const socket = connect(to);
    const timer = setTimeout(() => {
      socket.destroy();
      resolve("silent");
    }, timeoutMs);
    socket.once("connect", () => {
      clearTimeout(timer);
      resolve(socket);
    });
    socket.once("error", (error: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      const reached = BY_CODE[error.code ?? ""];
      if (reached === undefined) reject(error);
      else resolve(reached as Exclude<Reached, "open">);
    });
  });
}

/** Whether a port or a Unix socket takes connections. */
export async function tryPort(to: NetConnectOpts, options: TryOptions): Promise<Reached> {
  const socket = await openSocket(to, options);
  if (typeof socket === "string") return socket;
  socket.destroy();
  return "open";
}

/** The version of TLS that a port speaks; null: it takes connections and speaks none. Whose certificate it is, is not asked. */
export async function tryTls(
  to: { host: string; port: number },
  options: TryOptions,
): Promise<string | null> {
  const socket = await openSocket(to, options);
  if (typeof socket === "string") return null;
  return new Promise((resolve) => {
    const tls = connectTls({ socket, rejectUnauthorized: false });
    const settle = (version: string | null): void => {
      clearTimeout(timer);
      tls.destroy();
      socket.destroy();
      resolve(version);
    };
    const timer = setTimeout(() => settle(null), options.timeoutMs);
    tls.once("secureConnect", () => settle(tls.getProtocol()));
    tls.once("error", () => settle(null));
    socket.once("close", () => settle(null));
  });
}
