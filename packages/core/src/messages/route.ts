import { record, type Shape } from "../shape.ts";

/** One POST path of a service with the shapes of both bodies. */
export interface Route<Q, A> {
  readonly path: string;
  readonly request: Shape<Q>;
  readonly answer: Shape<A>;
  /** Bytes of a request body at most, checked before parsing. */
  readonly maxBytes: number;
}

const KIB = 1024;
/** What a body may hold beside its one large field; alone, the limit of a body that has none and that nobody signs. */
export const TINY_BODY = KIB;
/** The usual limit of a request body. */
export const SMALL_BODY = 64 * KIB;
/** The limit of a body that carries batches or boxes. */
export const LARGE_BODY = 16 * KIB * KIB;

/** An answer without content. */
export const empty = record({});

/** Declares a route. */
export function route<Q, A>(
  path: string,
  shapes: { request: Shape<Q>; answer: Shape<A>; maxBytes?: number },
): Route<Q, A> {
  const { request, answer, maxBytes = SMALL_BODY } = shapes;
  return { path, request, answer, maxBytes };
}
