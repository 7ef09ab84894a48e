import type { KemPublicKey, MemberId, PracticeId, TeamId } from "./brand.ts";
import { ensure } from "./errors.ts";
import { hpkeSeal } from "./hpke.ts";
import { hpkeOpen, kemKeyFromSeed, type KemKey } from "./hpkeOpen.ts";
import { LABELS, labelled, type Label } from "./labels.ts";
import { encodeShape, id, record, uint } from "./shape.ts";
import { Secret } from "./secretValue.ts";
import { boxOpen, boxSeal, hkdf, randomBytes } from "./suite.ts";

const SEED_BYTES = 32;
const teamContextShape = record({
  practice: id<PracticeId>(),
  team: id<TeamId>(),
  version: uint(),
  member: id<MemberId>(),
});
const priorContextShape = record({
  practice: id<PracticeId>(),
  owner: id<MemberId | TeamId | PracticeId>(),
  version: uint(),
});

/** Whose team seed is sealed to whom. */
export interface TeamSeedContext {
  readonly practice: PracticeId;
  readonly team: TeamId;
  readonly version: number;
  readonly member: MemberId;
}

/** A fresh X-Wing seed, 32 bytes. */
export function generateSeed(): Uint8Array {
  return randomBytes(SEED_BYTES);
}

/** Seals a team's seed to one of its members. */
export function sealTeamSeed(
  seed: Uint8Array,
  recipient: KemPublicKey,
  context: TeamSeedContext,
): Uint8Array {
  return hpkeSeal(
    recipient,
    labelled(LABELS.teamSeed, encodeShape(teamContextShape, context)),
    seed,
  );
}

/** Opens a team's seed and checks it against the public key in the chain. Error: `open-failed`. */
export function openTeamSeed(
  sealed: Uint8Array,
  key: KemKey,
  { context, publicKey }: { context: TeamSeedContext; publicKey: KemPublicKey },
): Uint8Array {
  const seed = hpkeOpen(
    key,
    labelled(LABELS.teamSeed, encodeShape(teamContextShape, context)),
    sealed,
  );
  checkSeed(seed, publicKey);
  return seed;
}

/** Checks that a seed gives the public key that the chain names. Error: `open-failed`. */
export function checkSeed(seed: Uint8Array, publicKey: KemPublicKey): void {
  ensure(seed.length === SEED_BYTES, "open-failed");
  const own = kemKeyFromSeed(Uint8Array.from(seed)).publicKey;
  ensure(
    own.every((byte, index) => byte === publicKey[index]),
    "open-failed",
  );
}

/** Which seed is replaced by `version`. */
export interface PriorSeedContext {
  readonly practice: PracticeId;
  readonly owner: MemberId | TeamId | PracticeId;
  readonly version: number;
}

/** Whose seed is replaced: a member's, a team's, or the practice's recovery secret. */
export type PriorKind = "member" | "team" | "recovery";

const PRIOR_LABELS: Record<PriorKind, Label> = {
  member: LABELS.priorMemberSeed,
  team: LABELS.priorTeamSeed,
  recovery: LABELS.priorRecoverySecret,
};

/** Seals the seed before under the new one, so that old wraps still open. */
export function sealPriorSeed(
  kind: PriorKind,
  seeds: { next: Uint8Array; prior: Uint8Array },
  context: PriorSeedContext,
): Uint8Array {
  const info = labelled(PRIOR_LABELS[kind], encodeShape(priorContextShape, context));
  return boxSeal(hkdf(seeds.next, info), info, seeds.prior);
}

/** Opens the seed before. Error: `open-failed`. */
export function openPriorSeed(
  kind: PriorKind,
  next: Uint8Array,
  { sealed, context }: { sealed: Uint8Array; context: PriorSeedContext },
): Uint8Array {
  const info = labelled(PRIOR_LABELS[kind], encodeShape(priorContextShape, context));
  const seed = boxOpen(hkdf(next, info), info, sealed);
  ensure(seed.length === SEED_BYTES, "open-failed");
  return seed;
}

/** The import key of a practice, 32 bytes, as the directory keeps it: the same source gives the same file and entry to everybody. */
export function importKeyFromBytes(bytes: Uint8Array): Secret<"import-key"> {
  ensure(bytes.length === 32, "open-failed");
  return Secret.own("import-key", Uint8Array.from(bytes));
}
