import { grantsAt, isSameSubject, type AccessState, type Subject } from "@sinetti/core";
import type { StandingGrant } from "../lastHolder.ts";

/** The grant of a subject that stands on a file now. */
export function standingOf(access: AccessState, subject: Subject): StandingGrant | undefined {
  return grantsAt(access).find(({ grant }) => isSameSubject(grant.subject, subject));
}
