import { pino, type Logger } from "pino";

/** Lines on standard error. Nothing here may name a person, a patient, a file or any content. */
export function makeLog(service: string): Logger {
  return pino({ base: { service } }, pino.destination({ fd: 2, sync: false }));
}
