import { z } from "zod";
import { isIban } from "../invoicing/iban.ts";
import { noteTemplate } from "../notes/template.ts";
import { code, id, line, list } from "./fields.ts";
import { putRemoveOf } from "./putRemove.ts";

const practice = z.strictObject({
  kind: z.literal("practice"),
  name: line,
  businessId: line.exactOptional(),
  /** Id of the retention class that the practice has chosen. */
  retention: code.exactOptional(),
  /** Key under which imports name their files and entries, 32 bytes as hexadecimal digits. */
  importKey: z.string().regex(/^[0-9a-f]{64}$/),
});
const member = z.strictObject({
  kind: z.literal("member"),
  id,
  name: line,
  title: line.exactOptional(),
  roles: list(code),
  trainee: z.boolean().exactOptional(),
  /** Sites whose schedules they hold; absent: all of them. */
  sites: list(id).exactOptional(),
});
/** A staff member's name, and roles for display only: what they may do stands in the practice chain. */
export type DirectoryMember = z.infer<typeof member>;
const site = z.strictObject({
  kind: z.literal("site"),
  id,
  name: line,
  lookupKey: z.string().regex(/^[0-9a-f]{64}$/),
});
/** A site with its key for the metered lookup, 32 bytes as hexadecimal digits. */
export type DirectorySite = z.infer<typeof site>;
const unit = z.strictObject({
  kind: z.literal("unit"),
  id: code,
  name: line,
  lines: z.array(line).max(10),
  postalCode: line.exactOptional(),
  city: line.exactOptional(),
  country: line.exactOptional(),
  businessId: line.exactOptional(),
  phone: line.exactOptional(),
  email: line.exactOptional(),
  iban: line.refine(isIban),
  bic: code.exactOptional(),
  paymentDays: z.int().min(0).max(365),
  /** Why no tax is charged, as it stands on each invoice. */
  taxNote: line.exactOptional(),
  site: id.exactOptional(),
  /** Members who invoice in its name beside the office. */
  therapists: list(id),
});
/** Who invoices: its name, account and terms. */
export type InvoicingUnit = z.infer<typeof unit>;
/** What somebody calls a device, given by an administrator. */
const device = z.strictObject({ kind: z.literal("device"), id, name: line });
const template = z.strictObject({ kind: z.literal("template"), template: noteTemplate });

/** What the directory holds under a key (`practice`, `member/<id>`, `site/<id>`, `unit/<id>`, `device/<id>`, `template/<id>`). */
export const directoryValue = z.discriminatedUnion("kind", [
  practice,
  member,
  site,
  unit,
  device,
  template,
]);
/** What the directory holds under a key. */
export type DirectoryValue = z.infer<typeof directoryValue>;

/** Entries of the directory file. */
export const directoryBody = putRemoveOf(directoryValue);
/** Entries of the directory file. */
export type DirectoryBody = z.infer<typeof directoryBody>;

/** The key under which a directory value stands. */
export function directoryKey(value: DirectoryValue): string {
  if (value.kind === "practice") return "practice";
  return `${value.kind}/${value.kind === "template" ? value.template.id : value.id}`;
}
