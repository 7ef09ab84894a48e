import {
  grantsAt,
  heldRights,
  isSameSubject,
  isSeated,
  RIGHTS,
  rolesAt,
  type AccessState,
  type Grant,
  type MemberId,
  type PracticeState,
  type Subject,
  type TeamId,
} from "@sinetti/core";

/** A grant that stands, with its grantor. */
export type StandingGrant = AccessState["grants"][number];

/** The grant of a subject that stands on a file now. */
export function standingOf(access: AccessState, subject: Subject): StandingGrant | undefined {
  return grantsAt(access).find(({ grant }) => isSameSubject(grant.subject, subject));
}

/** Whether anybody stands behind a grant. */
export function isAlive(practice: PracticeState, { subject }: Pick<Grant, "subject">): boolean {
  if (subject.type === "team") return isSeated(practice, subject.id as TeamId);
  return subject.type !== "member" || rolesAt(practice, subject.id as MemberId).length > 0;
}

/** Whether nobody else who lives could open the file by themselves, or hand it on, once this grant were gone. */
export function isLastHolder(
  access: AccessState,
  held: StandingGrant,
  { practice, week }: { practice: PracticeState; week: number },
): boolean {
  const own = heldRights(access, practice, held);
  if (own === 0 || !isAlive(practice, held.grant)) return false;
  const others = grantsAt(access).filter(
    ({ grant }) =>
      !isSameSubject(grant.subject, held.grant.subject) &&
      grant.subject.type !== "recovery" &&
      grant.term === "standing" &&
      !isOver(grant, week) &&
      isAlive(practice, grant) &&
      (heldRights(access, practice, { grant }) & RIGHTS.read) !== 0,
  );
  const mayGrant = others.some(
    ({ grant }) => (heldRights(access, practice, { grant }) & RIGHTS.grant) !== 0,
  );
  return others.length === 0 || ((own & RIGHTS.grant) !== 0 && !mayGrant);
}

/** Whether the week of a grant is over. */
export function isOver({ expires }: Pick<Grant, "expires">, week: number): boolean {
  return expires !== 0 && week >= expires;
}
