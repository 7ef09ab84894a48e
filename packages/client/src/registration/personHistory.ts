import type { EntryId, MemberId } from "@sinetti/core";
import type { Person } from "@sinetti/practice";
import type { Client } from "../client.ts";
import type { KnownFile } from "../fileCache.ts";
import { readRecords } from "../records/body.ts";

/** One version of who a patient is. */
interface PersonVersion {
  readonly entry: EntryId;
  readonly member: MemberId;
  readonly person: Person;
}

/** Every version of who a patient is, the one that holds first. */
export function readPersonHistory({ context }: Client, identity: KnownFile): PersonVersion[] {
  return readRecords(context, identity, { compartment: "identity" })
    .flatMap(({ id, member, body }) =>
      body.type === "person" ? [{ entry: id, member, person: body }] : [],
    )
    .reverse();
}
