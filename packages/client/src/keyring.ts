import {
  recoveryAt,
  type BatchKey,
  type MemberId,
  type PracticeState,
  type Secret,
  type Subject,
  type TeamId,
  type Wrap,
  type WrapContext,
} from "@sinetti/core";
import {
  deriveRecoveryKeys,
  kemKeyFromSeed,
  openBatchKey,
  openPriorSeed,
  openTeamSeed,
  openWrap,
  recoverySecretFromBytes,
  type KemKey,
} from "@sinetti/core/secret";
import type { Device } from "./device.ts";
import { hardStop } from "./errors.ts";

/** What this member can open: their own wraps, those of their teams, and the batch keys of both. */
export class Keyring {
  readonly #device: Device;
  readonly #practice: () => PracticeState;
  readonly #batchKeys = new Map<string, Secret<"batch-key">>();
  readonly #teamSeeds = new Map<string, Uint8Array>();
  readonly #recoveryKeys = new Map<number, KemKey>();

  constructor(device: Device, practice: () => PracticeState) {
    this.#device = device;
    this.#practice = practice;
  }

  /** Opens the member half with the first of the wraps that this member holds a key for. Hard stop: none opens. */
  openMemberHalf(
    wraps: readonly Wrap[],
    batchKeys: readonly BatchKey[],
    context: Pick<WrapContext, "practice" | "file" | "epoch" | "compartment">,
  ): Secret<"member-half"> {
    const own =
      wraps.find(
        ({ subject }) => subject.type === "member" && subject.id === this.#device.owner.member,
      ) ?? wraps[0];
    if (own === undefined) throw hardStop("no wrap for this member");
    if (own.batch === null) return openWrap(own, this.#keyOf(own.subject, own.keyVersion), context);
    return openWrap(own, this.#batchKey(own, batchKeys), context);
  }

  #batchKey(wrap: Wrap, batchKeys: readonly BatchKey[]): Secret<"batch-key"> {
    const known = this.#batchKeys.get(wrap.batch ?? "");
    if (known !== undefined) return known;
    const sealed = batchKeys.find(({ batch }) => batch === wrap.batch);
    if (sealed === undefined) throw hardStop("a batch key is missing");
    const key = openBatchKey(
      sealed,
      this.#keyOf(sealed.subject, sealed.keyVersion),
      this.#practice().practice,
    );
    this.#batchKeys.set(sealed.batch, key);
    return key;
  }

  #keyOf(subject: Subject, version: number): KemKey {
    if (subject.type === "member") return this.#device.memberKey(version);
    if (subject.type === "recovery") return this.#recoveryKey(version);
    if (subject.type === "team")
      return kemKeyFromSeed(Uint8Array.from(this.teamSeed(subject.id as TeamId, version)));
    throw hardStop("a wrap for somebody else");
  }

  /** The X-Wing key of the recovery secret of a version, through the secrets sealed under the newest one, which this device holds. */
  #recoveryKey(version: number): KemKey {
    const known = this.#recoveryKeys.get(version);
    if (known !== undefined) return known;
    const key = this.#openRecoveryKey(version);
    this.#recoveryKeys.set(version, key);
    return key;
  }

  #openRecoveryKey(version: number): KemKey {
    const { practice, recoveries } = this.#practice();
    let secret: Uint8Array = Uint8Array.from(this.#device.seeds.recovery);
    if (secret.length === 0) throw hardStop("this device does not hold the recovery secret");
    for (const step of recoveries.toReversed()) {
      if (step.version === version) break;
      if (step.prior === null) throw hardStop("a recovery secret of another version");
      secret = openPriorSeed("recovery", secret, {
        sealed: step.prior,
        context: { practice, owner: practice, version: step.version },
      });
    }
    return deriveRecoveryKeys(recoverySecretFromBytes(secret)).kem;
  }

  /** A team's seed of a version, through the newest seal to this member and the seeds sealed under it. */
  teamSeed(team: TeamId, version: number): Uint8Array {
    const name = `${team}.${version}`;
    const known = this.#teamSeeds.get(name);
    if (known !== undefined) return known;
    const seed = this.#openTeamSeed(team, version);
    this.#teamSeeds.set(name, seed);
    return seed;
  }

  #openTeamSeed(team: TeamId, version: number): Uint8Array {
    const { practice, teams } = this.#practice();
    const keys = teams[team]?.keys ?? [];
    const { member } = this.#device.owner;
    const held = keys.findLast((key) => key.version >= version && key.seals[member] !== undefined);
    const sealed = held?.seals[member];
    if (held === undefined || sealed === undefined)
      throw hardStop("this member holds no key of the team");
    let seed = this.#openSeal(sealed, {
      practice,
      team,
      version: held.version,
      member,
      publicKey: held.key,
    });
    for (const key of keys.toReversed()) {
      if (key.version > held.version || key.version <= version || key.prior === null) continue;
      seed = openPriorSeed("team", seed, {
        sealed: key.prior,
        context: { practice, owner: team, version: key.version },
      });
    }
    return seed;
  }

  #openSeal(
    sealed: Uint8Array,
    {
      publicKey,
      ...context
    }: Parameters<typeof openTeamSeed>[2]["context"] & { publicKey: KemKey["publicKey"] },
  ): Uint8Array {
    let failure: unknown;
    for (const { version } of this.#device.seeds.member.toReversed()) {
      try {
        return openTeamSeed(sealed, this.#device.memberKey(version), { context, publicKey });
      } catch (error) {
        failure = error;
      }
    }
    throw hardStop("the team's seal does not open", failure);
  }

  /** Forgets everything that was opened. */
  wipe(): void {
    for (const key of this.#batchKeys.values()) key.wipe();
    for (const seed of this.#teamSeeds.values()) seed.fill(0);
    this.#batchKeys.clear();
    this.#teamSeeds.clear();
    this.#recoveryKeys.clear();
  }
}

/** The newest public key of a subject. Hard stop: it is not live on the verified chain. */
export function recipientOf(
  practice: PracticeState,
  subject: Subject,
): { subject: Subject; keyVersion: number; key: KemKey["publicKey"] } {
  if (subject.type === "recovery") {
    const { version, kem } = recoveryAt(practice);
    return { subject, keyVersion: version, key: kem };
  }
  const keys =
    subject.type === "member"
      ? practice.members[subject.id as MemberId]?.keys
      : practice.teams[subject.id as TeamId]?.keys;
  const newest = keys?.at(-1);
  if (newest === undefined) throw hardStop("no live key of a subject on the practice chain");
  return { subject, keyVersion: newest.version, key: newest.key };
}
