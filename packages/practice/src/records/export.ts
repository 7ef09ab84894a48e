import { z } from "zod";
import { bodyOf, code, date, id, line, list } from "./fields.ts";

/** Why a record leaves the practice. */
export const exportReason = z.enum([
  "access-request",
  "portability",
  "printing",
  "leaving",
  "other",
]);

/** A record was given out: when, by whom, for whom, and which parts. */
export const exported = bodyOf("export", {
  author: id,
  to: line,
  reason: exportReason,
  parts: list(code),
  withheld: z.int().min(0),
  requestedOn: date.exactOptional(),
  dueOn: date.exactOptional(),
});
/** A record was given out. */
export type Exported = z.infer<typeof exported>;

/** Somebody asked for a copy; it is due a month later (GDPR Art. 12(3)). */
export const exportRequest = bodyOf("exportRequest", {
  author: id,
  by: line,
  requestedOn: date,
  dueOn: date,
});
/** Somebody asked for a copy of the record. */
export type ExportRequest = z.infer<typeof exportRequest>;

/** The day a month after `requestedOn`, the month's last where it has no such day (Regulation 1182/71 Art. 3(2)(c)). */
export function dueOn(requestedOn: string): string {
  const [year = 0, month = 1, day = 1] = requestedOn.split("-").map(Number);
  const last = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  return new Date(Date.UTC(year, month, Math.min(day, last))).toISOString().slice(0, 10);
}
