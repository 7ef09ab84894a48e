import type { PasskeyPrf } from "@sinetti/client";
import { proxy } from "comlink";

const CHALLENGE_BYTES = 32;
const USER_BYTES = 16;
const ES256 = -7;
const ED25519 = -8;
const RS256 = -257;

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

/** Makes a passkey for this device; gives its credential id. Null: none was made, or it has no PRF. */
export async function makePasskey(name: string): Promise<Uint8Array | null> {
  const extensions: PrfInputs = { prf: {} };
  const made = await navigator.credentials.create({
    publicKey: {
      rp: { name: "Sinetti" },
      user: { id: random(USER_BYTES), name, displayName: name },
      challenge: random(CHALLENGE_BYTES),
      pubKeyCredParams: [ED25519, ES256, RS256].map((alg) => ({ type: "public-key", alg })),
      authenticatorSelection: { residentKey: "preferred", userVerification: "required" },
      extensions,
    },
  });
  if (!(made instanceof PublicKeyCredential)) return null;
  const { prf } = made.getClientExtensionResults() as { prf?: { enabled?: boolean } };
  return prf?.enabled === true ? new Uint8Array(made.rawId) : null;
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

/** Asks for one of a device's passkeys; a person who turns it down, or a browser without them, gives none. */
export const passkeyPrf: PasskeyPrf = proxy(async (asks: Parameters<PasskeyPrf>[0]) => {
  try {
    return await askPasskey(asks);
  } catch (error) {
    if (error instanceof DOMException) return null;
    throw error;
  }
});
