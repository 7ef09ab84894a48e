import type { DeviceId } from "../brand.ts";
import type { Purpose } from "../release.ts";
import {
  code,
  fixedBytes,
  id,
  list,
  maxBytes,
  nullable,
  record,
  uint,
  type Shaped,
} from "../shape.ts";
import { empty, route } from "./route.ts";

/** Why more is opened than a day usually takes: purposes of a person's own work. */
export const TOP_UP_REASONS = [
  "session",
  "preparation",
  "documentation",
  "contact",
  "billing",
  "supervision",
  "handover",
  "registration",
  "scheduling",
  "patient-request",
  "crisis",
] as const satisfies readonly Purpose[];
/** One reason. */
export type TopUpReason = (typeof TOP_UP_REASONS)[number];

/** Signatures that a passkey may make (COSE names them -7, -8 and -257). */
export const PASSKEY_ALGORITHMS = ["ES256", "EdDSA", "RS256"] as const;
/** One of them. */
export type PasskeyAlgorithm = (typeof PASSKEY_ALGORITHMS)[number];

/** Passkeys of a member, at most. */
export const PASSKEYS_PER_MEMBER = 8;

/** WebAuthn Level 3 §5.1 bounds a credential id at 1023 bytes. */
const credential = maxBytes(1023);
const challenge = fixedBytes(32);

/** A passkey's public half: SubjectPublicKeyInfo (RFC 5280 §4.1), as `getPublicKey()` of WebAuthn gives it. */
export const passkeyShape = record({
  credential,
  algorithm: code(PASSKEY_ALGORITHMS),
  key: maxBytes(1024),
});
/** A passkey's public half. */
export type Passkey = Shaped<typeof passkeyShape>;

/** What an authenticator answers to a challenge (WebAuthn Level 3 §5.2.2). */
export const assertionShape = record({
  credential,
  clientData: maxBytes(4096),
  authenticatorData: maxBytes(1024),
  signature: maxBytes(1024),
});
/** An answer of an authenticator. */
export type Assertion = Shaped<typeof assertionShape>;

/** Body of a top-up. */
export const topUpShape = record({ reason: code(TOP_UP_REASONS), assertion: assertionShape });

/** The gate's routes for a budget that its member raises by a passkey, once a day. */
export const TOP_UP_ROUTES = {
  /** Registers a passkey of the member; the same again changes nothing. It counts from a day later on. */
  passkeyPut: route("/v1/passkey/put", {
    request: passkeyShape,
    answer: record({ countsFrom: uint() }),
  }),
  /** The member's passkeys, and from when on the budget may be raised again. */
  passkeyList: route("/v1/passkey/list", {
    request: record({}),
    answer: record({
      passkeys: list(
        record({ credential, device: id<DeviceId>(), addedAt: uint(), countsFrom: uint() }),
        { max: PASSKEYS_PER_MEMBER },
      ),
      /** Cases that one top-up adds. */
      cases: uint(),
      /** Gate time; null: now. */
      topUpFrom: nullable(uint()),
    }),
  }),
  /** Takes a passkey away. */
  passkeyRemove: route("/v1/passkey/remove", { request: record({ credential }), answer: empty }),
  /** A challenge for one top-up by this device for this reason, good once and for five minutes. */
  topUpChallenge: route("/v1/budget/challenge", {
    request: record({ reason: code(TOP_UP_REASONS) }),
    answer: record({ challenge, credentials: list(credential, { max: PASSKEYS_PER_MEMBER }) }),
  }),
  /** Raises the member's budgets for a day by a user-verified assertion; kept in the gate's log. */
  topUp: route("/v1/budget/top-up", {
    request: topUpShape,
    answer: record({ cases: uint(), until: uint() }),
  }),
} as const;
