import { wrap, type Remote } from "comlink";

import { carryFaults, internalFault } from "../worker/deskFault.ts";
import type { Desks as WorkerDesks } from "../worker/desks/desks.ts";
import type { Door } from "../worker/deviceWorker.ts";

// Nothing that the page throws has a meaning in the worker.
carryFaults(() => internalFault);

const worker = new Worker(new URL("../worker/deviceWorker.ts", import.meta.url), {
  type: "module",
  name: "device",
});

/** The worker that holds the keys, as it is before a device is unlocked. */
export const door: Remote<Door> = wrap<Door>(worker);

/** The desks as the page reaches them: every answer is a promise. */
export type Desks = {
  readonly [D in keyof WorkerDesks]: {
    readonly [F in keyof WorkerDesks[D]]: WorkerDesks[D][F] extends (...wish: infer W) => infer A
      ? (...wish: W) => Promise<Awaited<A>>
      : never;
  };
};

let opened: Promise<Desks> | null = null;

/** The desks of the unlocked device. */
export function desks(): Promise<Desks> {
  opened ??= door.desks() as unknown as Promise<Desks>;
  return opened;
}
