import {
  decodeShape,
  encodeShape,
  practiceStateShape,
  type PracticeId,
  type PracticeState,
  type SignPublicKey,
} from "@sinetti/core";

/** A practice as its chain gives it: folded to the newest link that any service holds, and every key that its gate had. */
export interface KnownPractice {
  readonly state: PracticeState;
  readonly gateKeys: readonly SignPublicKey[];
}
export type KnownPractices = ReadonlyMap<PracticeId, KnownPractice>;

/** A practice as one thread hands it to another. */
export interface SentPractice {
  readonly practice: PracticeId;
  readonly state: Uint8Array;
  readonly gateKeys: readonly Uint8Array[];
}

/** Practices in a form that threads can send. */
export function sendPractices(known: KnownPractices): SentPractice[] {
  return [...known].map(([practice, { state, gateKeys }]) => ({
    practice,
    state: encodeShape(practiceStateShape, state),
    gateKeys,
  }));
}

/** Practices as they were sent. */
export function takePractices(sent: readonly SentPractice[]): KnownPractices {
  return new Map(
    sent.map(({ practice, state, gateKeys }) => [
      practice,
      {
        state: decodeShape(practiceStateShape, state, Number.MAX_SAFE_INTEGER),
        gateKeys: gateKeys as readonly SignPublicKey[],
      },
    ]),
  );
}
