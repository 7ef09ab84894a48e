import { isUnheld, RIGHTS, type Compartment, type FileId, type MemberId } from "@sinetti/core";
import type { Client } from "../client.ts";
import { readReviewed, type ReviewedFile } from "./chains.ts";

/** A record that nobody who is there may hand on. */
export interface UnheldFile {
  readonly file: FileId;
  readonly compartment: Compartment;
  /** The members who could hand it on last, whether or not they are there. */
  readonly holders: readonly MemberId[];
}

/**
 * The records that were left without anybody who may hand them on, by two stops at once or by the end of their last holder. The
 * trustees give them back. ServiceRefusal `not-authorised` for who is no privacy officer.
 */
export async function unheldFiles({ context }: Client): Promise<UnheldFile[]> {
  const files = await readReviewed(context, { by: "unheld" });
  return [...files.values()]
    .filter(({ access, isCanary }) => !isCanary && isUnheld(access, context.practice.state))
    .map(toUnheld);
}

function toUnheld({ access }: ReviewedFile): UnheldFile {
  const granters = access.grants.filter(
    ({ grant }) => grant.subject.type === "member" && (grant.rights & RIGHTS.grant) !== 0,
  );
  // A grant that still stands outlasted every one that was taken away.
  const ends = granters.map(({ until }) => until ?? Infinity);
  const last = Math.max(0, ...ends);
  const holders = granters.filter((_, index) => ends[index] === last);
  const { file, compartment } = access;
  return { file, compartment, holders: holders.map(({ grant }) => grant.subject.id as MemberId) };
}
