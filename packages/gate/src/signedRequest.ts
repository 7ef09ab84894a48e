import {
  readRequestHeaders,
  verifyRequest,
  CoreError,
  type Author,
  type ClaimedRequest,
  type Hash,
  type PracticeId,
  type SignPublicKey,
} from "@sinetti/core";

import type { Gate } from "./gate.ts";
import { findCaller, isStopped, type Caller, type PracticeView } from "./practiceView.ts";
import { allow, Refusal } from "./problem.ts";
import { refreshView } from "./transaction.ts";

/** A request as it came in, its body already cut to size. */
export interface IncomingRequest {
  readonly path: string;
  readonly header: (name: string) => string | undefined;
  readonly body: Uint8Array;
}

/** A request whose signature held. */
export interface SignedRequest {
  readonly practice: PracticeId;
  readonly caller: Caller;
  readonly hash: Hash;
  readonly nonce: Uint8Array;
  /** Whether it is answered also between a restore and its resumption. */
  readonly mayBeStill: boolean;
}

/** The claims of the header fields. Error: `unsigned`, also when they are there in another form. */
export function readClaims({ path, header }: IncomingRequest): ClaimedRequest {
  try {
    return readRequestHeaders(path, header);
  } catch (cause) {
    throw new Refusal("unsigned", { cause });
  }
}

/** Checks service, window, body and signature. Errors: `wrong-service`, `outside-window`, `bad-signature`. */
export function checkSignature(
  gate: Gate,
  {
    claimed,
    incoming,
    key,
  }: { claimed: ClaimedRequest; incoming: IncomingRequest; key: SignPublicKey },
): Hash {
  allow(claimed.parameters.service === gate.keyId, "wrong-service");
  try {
    return verifyRequest(claimed, {
      key,
      body: incoming.body,
      digest: incoming.header("content-digest"),
      service: gate.keyId,
      now: gate.clock.now(),
    });
  } catch (cause) {
    const isLate = cause instanceof CoreError && cause.code === "stale-head";
    throw isLate ? new Refusal("outside-window", { cause }) : cause;
  }
}

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

/** Who signed this request, by the chain; before anything else is read of it. */
export async function verifySignedRequest(
  gate: Gate,
  incoming: IncomingRequest,
  { signers, mayBeStill }: { signers: readonly Author["by"][]; mayBeStill: boolean },
): Promise<SignedRequest> {
  const claimed = readClaims(incoming);
  const { practice, author } = claimed.parameters.keyId;
  allow(signers.includes(author.by), "not-authorised");
  const { view, caller } = await findSigner(gate, practice, author);
  const hash = checkSignature(gate, { claimed, incoming, key: caller.key });
  allow(!isStopped(view, caller), "not-authorised");
  allow(gate.byDevice.take(`${practice}.${author.id}`), "rate-limited");
  return { practice, caller, hash, nonce: claimed.parameters.nonce, mayBeStill };
}
