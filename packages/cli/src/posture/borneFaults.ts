import {
  CoreError,
  hexToBytes,
  isFrozenAt,
  liveDevice,
  rolesAt,
  staffSize,
  verifyDocument,
  weekOf,
  youthByWeek,
  type DeviceId,
  type MemberId,
  type PracticeId,
  type PracticeState,
  type Role,
} from "@sinetti/core";

import {
  exceptedFingerprint,
  exceptionBytes,
  isInTime,
  type SignedException,
} from "./signedExceptions.ts";

/** A finding that is borne until a day, and by whom. */
export interface BorneFault {
  readonly fingerprint: string;
  readonly until: string;
  readonly reason: string;
  /** Why, and by whose word, in the name of each practice. */
  readonly signed: readonly {
    readonly practice: PracticeId;
    readonly reason: string;
    readonly by: readonly MemberId[];
  }[];
}

export interface BorneOptions {
  readonly practices: ReadonlyMap<PracticeId, PracticeState | null>;
  readonly database: string;
  readonly now: Date;
}

/** The members whose signatures under an exception hold now: their device lives, they are not frozen, and not new in an old practice. */
function signersOf(one: SignedException, state: PracticeState, now: Date): MemberId[] {
  const document = exceptionBytes(one);
  const youth = youthByWeek(state, weekOf(now.getTime() / 1000));
  const members = one.signatures.flatMap(({ device, signed }): MemberId[] => {
    const found = liveDevice(state, device as DeviceId);
    if (found === null) return [];
    try {
      const key = found.statementKey;
      verifyDocument("postureException", hexToBytes(signed), { document, key });
    } catch (error) {
      if (error instanceof CoreError) return [];
      throw error;
    }
    const { member } = found;
    const isNew = !youth.practice && youth.isYoung(member);
    return isFrozenAt(state, member) || isNew ? [] : [member];
  });
  return [...new Set(members)];
}

/** An administrator and a privacy officer; two persons, unless the practice has one. */
function isSignedByBoth(signers: readonly MemberId[], state: PracticeState, now: Date): boolean {
  const withRole = (role: Role): MemberId[] =>
    signers.filter((member) => rolesAt(state, member).includes(role));
  // Whoever has just ended everybody else is not alone yet.
  const isAlone = staffSize(state, { week: weekOf(now.getTime() / 1000) }) === 1;
  return withRole("admin").some((admin) =>
    withRole("privacy").some((privacy) => isAlone || privacy !== admin),
  );
}

/** The findings of a database that are borne now: signed in the name of every practice whose records lie in it. */
export function borneFaults(
  exceptions: readonly SignedException[],
  { practices, database, now }: BorneOptions,
): BorneFault[] {
  const own = exceptions.filter((one) => one.database === database && isInTime(one, now));
  const byFingerprint = Map.groupBy(own, exceptedFingerprint);
  return [...byFingerprint].flatMap(([fingerprint, given]): BorneFault[] => {
    const chosen = [...practices].map(([practice, state]) => {
      if (state === null) return undefined;
      return given
        .filter((one) => one.practice === practice)
        .map((one) => ({ one, by: signersOf(one, state, now) }))
        .filter(({ by }) => isSignedByBoth(by, state, now))
        .toSorted((a, b) => b.one.until.localeCompare(a.one.until))[0];
    });
    const held = chosen.filter((each) => each !== undefined);
    if (held.length === 0 || held.length < chosen.length) return [];
    const [first] = held.toSorted((a, b) => a.one.until.localeCompare(b.one.until));
    if (first === undefined) return [];
    const { until, reason } = first.one;
    const signed = held.map(({ one, by }) => ({
      practice: one.practice as PracticeId,
      reason: one.reason,
      by,
    }));
    return [{ fingerprint, until, reason, signed }];
  });
}
