import {
  readRequestHeaders,
  REQUEST_WINDOW_SECONDS,
  verifyRequest,
  type Author,
  type ClaimedRequest,
  type Hash,
  type PracticeId,
  type SignPublicKey,
} from "@sinetti/core";

import type { Gate } from "./gate.ts";
import { findCaller, isStopped, type Caller, type PracticeView } from "./practiceView.ts";
import { allow, Refusal } from "./problem.ts";
import type { RequestBody } from "./requestBody.ts";
import { refreshView } from "./transaction.ts";

/** A request as it came in, its body not read. */
export interface IncomingRequest {
  readonly path: string;
  readonly header: (name: string) => string | undefined;
  readonly body: RequestBody;
  readonly address: string;
  /** Unix seconds at which its header fields were there: a body may be long on its way. */
  readonly time: number;
}

/** A request whose signature held. */
export interface SignedRequest {
  readonly practice: PracticeId;
  readonly caller: Caller;
  readonly hash: Hash;
  readonly nonce: Uint8Array;
  /** SHA-256 that its body must have. */
  readonly digest: Uint8Array;
  /** Whether it is answered also between a restore and its resumption. */
  readonly mayBeStill: boolean;
}

function readForm({ path, header }: IncomingRequest): ClaimedRequest {
  try {
    return readRequestHeaders(path, header);
  } catch (cause) {
    throw new Refusal("unsigned", { cause });
  }
}

/**
 * The claims of the header fields, for this service and now. Errors: `unsigned`, also when they are there in another form,
 * `wrong-service`, `outside-window`.
 */
export function readClaims(gate: Gate, incoming: IncomingRequest): ClaimedRequest {
  const claimed = readForm(incoming);
  const { service, created } = claimed.parameters;
  allow(service === gate.keyId, "wrong-service");
  allow(Math.abs(incoming.time - created) <= REQUEST_WINDOW_SECONDS, "outside-window");
  return claimed;
}

/** Checks the signature over the header fields. Error: `bad-signature`. */
export function checkSignature(
  gate: Gate,
  claimed: ClaimedRequest,
  { key, time }: { key: SignPublicKey; time: number },
): Hash {
  return verifyRequest(claimed, { key, service: gate.keyId, now: time });
}

const accountOf = (practice: PracticeId, author: Author): string => `${practice}.${author.id}`;

async function findSigner(
  gate: Gate,
  practice: PracticeId,
  author: Author,
): Promise<{ view: PracticeView; caller: Caller }> {
  const known = gate.views.get(practice);
  const before = known === undefined ? null : findCaller(known, author);
  if (known !== undefined && before !== null) return { view: known, caller: before };
  // Another process of this gate may have taken the statement that added the device.
  const view = await refreshView(gate, practice);
  const caller = findCaller(view, author);
  allow(caller !== null, "not-authorised");
  return { view, caller };
}

/** Who signed this request, by the chain; before anything of its body is read. */
export async function verifySignedRequest(
  gate: Gate,
  incoming: IncomingRequest,
  { signers, mayBeStill }: { signers: readonly Author["by"][]; mayBeStill: boolean },
): Promise<SignedRequest> {
  const claimed = readClaims(gate, incoming);
  const { practice, author } = claimed.parameters.keyId;
  allow(signers.includes(author.by), "not-authorised");
  const { view, caller } = await findSigner(gate, practice, author);
  const hash = checkSignature(gate, claimed, { key: caller.key, time: incoming.time });
  allow(!isStopped(view, caller), "not-authorised");
  allow(gate.byDevice.take(accountOf(practice, author)), "rate-limited");
  const { nonce } = claimed.parameters;
  return { practice, caller, hash, nonce, digest: claimed.digest, mayBeStill };
}

/** The body that was signed. Errors: of `RequestBody.read`. */
export function readSignedBody(
  gate: Gate,
  { body }: IncomingRequest,
  { practice, caller, digest }: SignedRequest,
): Promise<Uint8Array> {
  const name = accountOf(practice, caller.author);
  return body.read({ budget: gate.signedBodies, name, digest });
}
