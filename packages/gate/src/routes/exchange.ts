import type { Gate } from "../gate.ts";
import type { SignedRequest } from "../signedRequest.ts";

/** One signed request with its body read. */
export interface Exchange<Q> {
  readonly gate: Gate;
  readonly request: SignedRequest;
  readonly body: Q;
}

/** Answers a signed request. */
export type Handler<Q, A> = (exchange: Exchange<Q>) => Promise<A>;

/** An answer without content. */
export type Empty = object;
