import { parseEntryBody, type EntryBody, type RecordCompartment } from "@sinetti/practice";
import type { Context } from "../context.ts";
import type { KnownFile } from "../fileCache.ts";
import { readEntries, type Entry } from "../readEntries.ts";
import { hardStop } from "../errors.ts";

/** The sealed bytes of a record: JSON in UTF-8, validated before it is sealed. Error of practice: `record-invalid`. */
export function encodeBody<C extends RecordCompartment>(
  compartment: C,
  body: EntryBody<C>,
): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(parseEntryBody(compartment, body)));
}

/** A record as it was opened, with who wrote it. */
export interface ReadRecord<C extends RecordCompartment> extends Omit<Entry, "body"> {
  readonly body: EntryBody<C>;
}

/** The records of an open file, in chain order. Hard stop: an entry that opens but is no record. */
export function readRecords<C extends RecordCompartment>(
  context: Context,
  file: KnownFile,
  { compartment, all = true }: { compartment: C; all?: boolean },
): ReadRecord<C>[] {
  return readEntries(context, file, { all }).map((entry) => {
    try {
      const body = parseEntryBody(
        compartment,
        JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(entry.body)),
      );
      return { ...entry, body };
    } catch (cause) {
      throw hardStop("an entry is no record", cause);
    }
  });
}

/** Author's time for a body: ISO 8601 of the injected clock. */
export function authorTime(context: Context): string {
  return new Date(context.world.clock.now() * 1000).toISOString();
}
