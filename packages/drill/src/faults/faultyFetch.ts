import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

import type { Fetch } from "@sinetti/client";

import type { Random } from "../synthetic/random.ts";

/** What can go wrong with one request on its way. */
const FAULTS = [
  "never-sent",
  "cut-in-the-body",
  "answer-lost",
  "sent-twice",
  "sent-again-later",
  "arrives-late",
  "slow",
] as const;
/** One way to go wrong. */
export type RequestFault = (typeof FAULTS)[number];

const LATER_MS = 400;
const SLOW_MS = 150;

/** A network that loses, cuts, doubles, delays and reorders: one request in `oneIn` meets a fault. */
export function faultyFetch(
  fetch: Fetch,
  {
    random,
    oneIn,
    onFault,
  }: { random: Random; oneIn: number; onFault: (fault: RequestFault) => void },
): Fetch {
  return async (url, init) => {
    if (init.method !== "POST" || random.between(1, oneIn) !== 1) return fetch(url, init);
    const fault = random.pick(FAULTS);
    onFault(fault);
    const sendLater = (): void => {
      void sleep(random.between(1, LATER_MS))
        .then(() => fetch(url, init))
        .catch(() => undefined);
    };
    switch (fault) {
      case "never-sent":
        throw new TypeError("cut before the request");
      case "cut-in-the-body":
        await sendHalf(url, init);
        throw new TypeError("cut in the body");
      case "answer-lost":
        await fetch(url, init);
        throw new TypeError("cut before the answer");
      case "sent-twice": {
        const [first, second] = await Promise.all([fetch(url, init), fetch(url, init)]);
        return random.chance(0.5) ? first : second;
      }
      case "sent-again-later":
        sendLater();
        return fetch(url, init);
      case "arrives-late":
        sendLater();
        throw new TypeError("cut, and the request overtaken by others");
      case "slow":
        await sleep(random.between(1, SLOW_MS));
        return fetch(url, init);
      default:
        return fault satisfies never;
    }
  };
}

/** Promises the whole body, sends half of it, and breaks the connection. */
async function sendHalf(url: string, { headers, body }: RequestInit): Promise<void> {
  const { hostname, port, pathname } = new URL(url);
  const bytes = body instanceof Uint8Array ? body : new Uint8Array();
  const lines = [...new Headers(headers)].map(([name, value]) => `${name}: ${value}\r\n`).join("");
  await new Promise<void>((resolve) => {
    const socket = connect({ host: hostname, port: Number(port) }, () => {
      socket.write(
        `POST ${pathname} HTTP/1.1\r\nhost: ${hostname}\r\n${lines}content-length: ${bytes.length}\r\n\r\n`,
      );
      socket.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => socket.resetAndDestroy());
    });
    socket.on("error", () => resolve());
    socket.on("close", () => resolve());
  });
}
