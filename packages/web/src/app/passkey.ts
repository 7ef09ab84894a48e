import type { PasskeyAssert, PasskeyPrf } from "@sinetti/client";
import type { Passkey } from "@sinetti/core";
import { proxy } from "comlink";

const CHALLENGE_BYTES = 32;
const USER_BYTES = 16;
/** By their COSE numbers, the preferred one first. */
const ALGORITHMS = new Map([
  [-8, "EdDSA"],
  [-7, "ES256"],
  [-257, "RS256"],
] as const);

const random = (count: number): Uint8Array<ArrayBuffer> =>
  crypto.getRandomValues(new Uint8Array(count));

/** What the extension `prf` takes and gives (WebAuthn Level 3 §10.1.4); TypeScript's own library lags behind it. */
interface PrfInputs {
  readonly prf: {
    readonly eval?: { readonly first: BufferSource };
    readonly evalByCredential?: Readonly<Record<string, { readonly first: BufferSource }>>;
  };
}

const base64url = (bytes: Uint8Array): string =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");

/** A passkey that was made here. */
export interface MadePasskey {
  readonly credential: Uint8Array;
  /** Its public half; null: this browser does not say. */
  readonly passkey: Passkey | null;
}

function publicHalf(made: PublicKeyCredential): Passkey | null {
  if (!(made.response instanceof AuthenticatorAttestationResponse)) return null;
  const key = made.response.getPublicKey();
  const number = made.response.getPublicKeyAlgorithm();
  const algorithm = [...ALGORITHMS].find(([each]) => each === number)?.[1];
  if (key === null || algorithm === undefined) return null;
  return { credential: new Uint8Array(made.rawId), algorithm, key: new Uint8Array(key) };
}

/** Makes a passkey for this device. Null: none was made, or it has no PRF. */
export async function makePasskey(name: string): Promise<MadePasskey | null> {
  const extensions: PrfInputs = { prf: {} };
  const made = await navigator.credentials.create({
    publicKey: {
      rp: { name: "Sinetti" },
      user: { id: random(USER_BYTES), name, displayName: name },
      challenge: random(CHALLENGE_BYTES),
      pubKeyCredParams: [...ALGORITHMS.keys()].map((alg) => ({ type: "public-key", alg })),
      authenticatorSelection: { residentKey: "preferred", userVerification: "required" },
      extensions,
    },
  });
  if (!(made instanceof PublicKeyCredential)) return null;
  const { prf } = made.getClientExtensionResults() as { prf?: { enabled?: boolean } };
  if (prf?.enabled !== true) return null;
  return { credential: new Uint8Array(made.rawId), passkey: publicHalf(made) };
}

const askPasskey: PasskeyPrf = async (asks) => {
  const evalByCredential = Object.fromEntries(
    asks.map(({ credential, salt }) => [base64url(credential), { first: Uint8Array.from(salt) }]),
  );
  const extensions: PrfInputs = { prf: { evalByCredential } };
  const given = await navigator.credentials.get({
    publicKey: {
      challenge: random(CHALLENGE_BYTES),
      userVerification: "required",
      allowCredentials: asks.map(({ credential }) => ({
        type: "public-key",
        id: Uint8Array.from(credential),
      })),
      extensions,
    },
  });
  if (!(given instanceof PublicKeyCredential)) return null;
  const { prf } = given.getClientExtensionResults() as {
    prf?: { results?: { first?: ArrayBuffer } };
  };
  const output = prf?.results?.first;
  if (output === undefined) return null;
  return { credential: new Uint8Array(given.rawId), output: new Uint8Array(output) };
};

/** Nothing was given: the person turned it down, or this browser has no passkeys. */
async function orNull<T>(ask: () => Promise<T | null>): Promise<T | null> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof DOMException) return null;
    throw error;
  }
}

/** Asks for one of a device's passkeys; a person who turns it down, or a browser without them, gives none. */
export const passkeyPrf: PasskeyPrf = proxy((asks: Parameters<PasskeyPrf>[0]) =>
  orNull(() => askPasskey(asks)),
);

const answerChallenge: PasskeyAssert = async ({ challenge, credentials }) => {
  const given = await navigator.credentials.get({
    publicKey: {
      challenge: Uint8Array.from(challenge),
      userVerification: "required",
      allowCredentials: credentials.map((id) => ({
        type: "public-key",
        id: Uint8Array.from(id),
      })),
    },
  });
  if (!(given instanceof PublicKeyCredential)) return null;
  const { response, rawId } = given;
  if (!(response instanceof AuthenticatorAssertionResponse)) return null;
  return {
    credential: new Uint8Array(rawId),
    clientData: new Uint8Array(response.clientDataJSON),
    authenticatorData: new Uint8Array(response.authenticatorData),
    signature: new Uint8Array(response.signature),
  };
};

/** Asks for a user-verified answer of one of these passkeys; whoever turns it down gives none. */
export const passkeyAssert: PasskeyAssert = proxy((ask: Parameters<PasskeyAssert>[0]) =>
  orNull(() => answerChallenge(ask)),
);
