import { pino, type Logger } from "pino";

/** Where the service says what it does: route, status and duration, never who or what about. */
export type Log = Logger;

/** Lines of JSON on standard error. */
export function createLog(): Log {
  return pino({ base: { service: "gate" } }, pino.destination(2));
}

/** Says nothing; for running in-process. */
export const silentLog: Log = pino({ level: "silent" });
