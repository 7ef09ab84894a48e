import { Agent as HttpAgent, request as requestHttp, type ClientRequest } from "node:http";
import { Agent as HttpsAgent, request as requestHttps } from "node:https";

import type { Fetch } from "@sinetti/client";

/** A service that is asked little and moves no byte for so long is down; one that was sent much has more to do first. */
const SILENCE_MS = { small: 20_000, large: 120_000 };
const SMALL_BYTES = 65_536;
/** However steadily the bytes come. */
const ANSWER_WITHIN_MS = 600_000;

const plain = { request: requestHttp, agent: new HttpAgent({ keepAlive: true }) };
const secure = { request: requestHttps, agent: new HttpsAgent({ keepAlive: true }) };

/**
 * Fetch for what a client sends: a body of bytes, an answer of bytes, redirects are answers like others. The platform's own
 * takes thrice the time a request.
 */
export const httpFetch: Fetch = makeHttpFetch();

/** `silence`: how long nothing may move, after a small body and after a large one. */
export function makeHttpFetch({ silence = SILENCE_MS }: { silence?: Silence } = {}): Fetch {
  return async (url, init) => {
    try {
      return await send(url, init, { silence });
    } catch (error) {
      // The service closed a connection that lay idle: it has read nothing, and every request may be sent twice. Over a new
      // connection, because others that lay idle are closed as well.
      if (error instanceof IdleClosed) return send(url, init, { silence, isNew: true });
      throw error;
    }
  };
}

type Silence = typeof SILENCE_MS;

class IdleClosed extends Error {
  override readonly name = "IdleClosed";
}

function failureOf(asked: ClientRequest, error: Error): Error {
  const isReset = "code" in error && (error.code === "ECONNRESET" || error.code === "EPIPE");
  return asked.reusedSocket && isReset
    ? new IdleClosed("an idle connection was closed", { cause: error })
    : error;
}

function send(
  url: string,
  { method = "GET", headers, body, signal }: RequestInit,
  { silence, isNew = false }: { silence: Silence; isNew?: boolean },
): Promise<Response> {
  if (body !== undefined && body !== null && !(body instanceof Uint8Array))
    throw new TypeError("a body of bytes");
  const { request, agent } = new URL(url).protocol === "https:" ? secure : plain;
  const isSmall = (body?.length ?? 0) <= SMALL_BYTES;
  const within = AbortSignal.timeout(ANSWER_WITHIN_MS);
  const options = {
    method,
    headers: Object.fromEntries(new Headers(headers)),
    agent: isNew ? false : agent,
    timeout: isSmall ? silence.small : silence.large,
    signal: signal ? AbortSignal.any([signal, within]) : within,
  };
  return new Promise((resolve, reject) => {
    const asked = request(url, options, (answer) => {
      const parts: Buffer[] = [];
      answer.on("data", (part: Buffer) => parts.push(part));
      answer.on("error", reject);
      answer.on("end", () => {
        const type = answer.headers["content-type"];
        const kept = type === undefined ? {} : { "content-type": type };
        const status = answer.statusCode ?? 0;
        resolve(new Response(Buffer.concat(parts), { status, headers: kept }));
      });
    });
    asked.on("timeout", () => asked.destroy(new Error("the service is silent")));
    asked.on("error", (error) => reject(failureOf(asked, error)));
    asked.end(body ?? undefined);
  });
}
