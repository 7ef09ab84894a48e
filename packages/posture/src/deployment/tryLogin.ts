import { once } from "node:events";
import type { Socket } from "node:net";
import { connect as connectTls } from "node:tls";

import { openSocket, type TryOptions } from "./tryPort.ts";

/** What a PostgreSQL says to a name, before any password: it asks for one, turns the name away, or lets it in. */
export type LoginAnswer = "asked" | "turned-away" | "let-in" | "no-answer";

export interface Login {
  readonly database: string;
  readonly role: string;
}

export interface LoginOptions extends TryOptions {
  readonly isTls: boolean;
}

/** Messages of the frontend/backend protocol, version 3.0. */
const SSL_REQUEST = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]);
const PROTOCOL_3 = 196_608;
const AUTHENTICATION_OK = 0;

function startupMessage({ database, role }: Login): Buffer {
  const pairs = ["user", role, "database", database, "application_name", "sinetti check"];
  const body = Buffer.concat([...pairs.map((text) => Buffer.from(`${text}\0`)), Buffer.from("\0")]);
  const head = Buffer.alloc(8);
  head.writeInt32BE(body.length + head.length, 0);
  head.writeInt32BE(PROTOCOL_3, 4);
  return Buffer.concat([head, body]);
}

/** The next bytes, or nothing when it closes or takes too long. */
async function nextBytes(socket: Socket, timeoutMs: number): Promise<Buffer> {
  const signal = AbortSignal.timeout(timeoutMs);
  const ended = new AbortController();
  const either = AbortSignal.any([signal, ended.signal]);
  socket.once("close", () => ended.abort());
  try {
    const [bytes] = (await once(socket, "data", { signal: either })) as [Buffer];
    return bytes;
  } catch {
    return Buffer.alloc(0);
  }
}

async function secured(socket: Socket, timeoutMs: number): Promise<Socket | null> {
  socket.write(SSL_REQUEST);
  const answer = await nextBytes(socket, timeoutMs);
  if (answer.toString("latin1", 0, 1) !== "S") return null;
  const tls = connectTls({ socket, rejectUnauthorized: false });
  tls.on("error", () => undefined);
  try {
    await once(tls, "secureConnect", { signal: AbortSignal.timeout(timeoutMs) });
    return tls;
  } catch {
    return null;
  }
}

function readAnswer(bytes: Buffer): LoginAnswer {
  const kind = bytes.toString("latin1", 0, 1);
  if (kind === "E") return "turned-away";
  if (kind !== "R" || bytes.length < 9) return "no-answer";
  return bytes.readInt32BE(5) === AUTHENTICATION_OK ? "let-in" : "asked";
}

/** Names a role and a database, and hears what the server says before any password. Nothing is sent that opens anything. */
export async function tryLogin(
  to: { host: string; port: number } | { path: string },
  login: Login,
  { isTls, timeoutMs }: LoginOptions,
): Promise<LoginAnswer> {
  const socket = await openSocket(to, { timeoutMs });
  if (typeof socket === "string") return "no-answer";
  socket.on("error", () => undefined);
  try {
    const speaking = isTls ? await secured(socket, timeoutMs) : socket;
    if (speaking === null) return "no-answer";
    speaking.write(startupMessage(login));
    return readAnswer(await nextBytes(speaking, timeoutMs));
  } finally {
    socket.destroy();
  }
}
