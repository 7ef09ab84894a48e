import { initSuite } from "@sinetti/core";
import { expose, proxy } from "comlink";
import { z } from "zod";

import { carryFaults } from "./deskFault.ts";
import { faultOf } from "./faultOf.ts";
import type { FoundingPage } from "./foundingPdf.ts";
import type { Topic } from "./listening.ts";
import { Session } from "./session.ts";

const session = new Session(self.location.origin);
const ready = initSuite((length) => crypto.getRandomValues(new Uint8Array(length)));

// It would try to make functions from strings, which the policy of the page forbids.
z.config({ jitless: true });
carryFaults(faultOf);

/** What the page reaches before a device is unlocked; the rest of the worker's code comes with the first unlocking. */
const door = {
  list: () => session.list(),
  found: async (...wish: Parameters<Session["found"]>) => {
    await ready;
    return session.found(...wish);
  },
  recover: async (wish: Parameters<Session["recover"]>[0]) => {
    await ready;
    return session.recover(wish);
  },
  unlockWithPasskey: async (...wish: Parameters<Session["unlockWithPasskey"]>) => {
    await ready;
    return session.unlockWithPasskey(...wish);
  },
  /** Papers as PDF, before anything is unlocked: what is printed at a founding. */
  foundingPdf: async (page: FoundingPage) => {
    const { foundingPdf } = await import("./foundingPdf.ts");
    return foundingPdf(page);
  },
  request: async (wish: Parameters<Session["request"]>[0]) => {
    await ready;
    return session.request(wish);
  },
  accept: async (wish: Parameters<Session["accept"]>[0]) => {
    await ready;
    return session.accept(wish);
  },
  wordsOf: async (...wish: Parameters<Session["wordsOf"]>) => {
    await ready;
    return session.wordsOf(...wish);
  },
  unlock: async (id: string, password: string) => {
    await ready;
    return session.unlock(id, password);
  },
  forget: (id: string) => session.forget(id),
  lock: () => session.lock(),
  me: () => session.me(),
  listen: (onTopics: (topics: readonly Topic[]) => void, onHardStop: () => void) =>
    session.listen({ onTopics, onHardStop }),
  desks: async () => {
    const { makeDesks } = await import("./desks/desks.ts");
    return proxy(makeDesks(session));
  },
};

export type Door = typeof door;

expose(door);
