import type { AnyId, Hash, KemPublicKey, SignPublicKey } from "./brand.ts";
import { bytesToHash, bytesToId, idToBytes, toKemPublicKey, toSignPublicKey } from "./brand.ts";
import { decodeCbor, encodeCbor, type Wire } from "./encoding.ts";
import { CoreError } from "./errors.ts";
import { LIMITS } from "./limits.ts";

/** Both directions of one format: a typed value to its wire form, and an unknown wire form to the type or an error. */
export interface Shape<T> {
  encode(value: T): Wire;
  decode(wire: Wire): T;
}
/** The type that a shape carries. */
export type Shaped<S> = S extends Shape<infer T> ? T : never;

const OPTIONAL = Symbol("optional");
type OptionalShape<T> = Shape<T | undefined> & { readonly [OPTIONAL]: true };
type Fields = Record<string, Shape<unknown>>;
type OptionalKeys<F> = {
  [K in keyof F]: F[K] extends { readonly [OPTIONAL]: true } ? K : never;
}[keyof F];
type RecordOf<F> = { [K in Exclude<keyof F, OptionalKeys<F>>]: Shaped<F[K]> } & {
  [K in OptionalKeys<F>]?: Exclude<Shaped<F[K]>, undefined>;
};
type Flat<T> = { [K in keyof T]: T[K] };

function refuse(): never {
  throw new CoreError("malformed");
}

/** Bytes of exactly `length`. */
export function fixedBytes(length: number): Shape<Uint8Array> {
  return {
    encode: (value) => value,
    decode: (wire) => (wire instanceof Uint8Array && wire.length === length ? wire : refuse()),
  };
}

/** Bytes up to `max`. */
export function maxBytes(max: number): Shape<Uint8Array> {
  return {
    encode: (value) => value,
    decode: (wire) => (wire instanceof Uint8Array && wire.length <= max ? wire : refuse()),
  };
}

/** An unsigned integer up to `max`. */
export function uint(max: number = Number.MAX_SAFE_INTEGER): Shape<number> {
  return {
    encode: (value) => value,
    decode: (wire) =>
      typeof wire === "number" && Number.isSafeInteger(wire) && wire >= 0 && wire <= max
        ? wire
        : refuse(),
  };
}

/** A text up to `max` UTF-16 units. */
export function text(max: number = LIMITS.codeLength): Shape<string> {
  return {
    encode: (value) => value,
    decode: (wire) => (typeof wire === "string" && wire.length <= max ? wire : refuse()),
  };
}

/** True or false. */
export const bool: Shape<boolean> = {
  encode: (value) => value,
  decode: (wire) => (typeof wire === "boolean" ? wire : refuse()),
};

/** One of a closed list of texts. */
export function code<const C extends string>(codes: readonly C[]): Shape<C> {
  const known = new Set<string>(codes);
  return {
    encode: (value) => value,
    decode: (wire) => (typeof wire === "string" && known.has(wire) ? (wire as C) : refuse()),
  };
}

/** The format version: exactly 1, anything else is `unknown-version`. */
export const version: Shape<1> = {
  encode: (value) => value,
  decode: (wire) => {
    if (wire !== 1) throw new CoreError("unknown-version");
    return 1;
  },
};

/** A branded 16-byte id. */
export function id<I extends AnyId>(): Shape<I> {
  return {
    encode: (value) => idToBytes(value),
    decode: (wire) => (wire instanceof Uint8Array ? bytesToId<I>(wire) : refuse()),
  };
}

/** A 32-byte hash. */
export const hash: Shape<Hash> = {
  encode: (value) => idToBytes(value),
  decode: (wire) => (wire instanceof Uint8Array ? bytesToHash(wire) : refuse()),
};

/** An Ed25519 public key. */
export const signKey: Shape<SignPublicKey> = {
  encode: (value) => value,
  decode: (wire) => (wire instanceof Uint8Array ? toSignPublicKey(wire) : refuse()),
};

/** An X-Wing public key. */
export const kemKey: Shape<KemPublicKey> = {
  encode: (value) => value,
  decode: (wire) => (wire instanceof Uint8Array ? toKemPublicKey(wire) : refuse()),
};

/** A list of `min` to `max` items. */
export function list<T>(of: Shape<T>, options: { min?: number; max: number }): Shape<T[]> {
  const { min = 0, max } = options;
  return {
    encode: (value) => value.map((item) => of.encode(item)),
    decode: (wire) => {
      if (!Array.isArray(wire) || wire.length < min) return refuse();
      if (wire.length > max) throw new CoreError("too-large");
      return wire.map((item) => of.decode(item));
    },
  };
}

/** A value or null. */
export function nullable<T>(of: Shape<T>): Shape<T | null> {
  return {
    encode: (value) => (value === null ? null : of.encode(value)),
    decode: (wire) => (wire === null ? null : of.decode(wire)),
  };
}

/** A field that may be absent; its key is then absent from the map. */
export function optional<T>(of: Shape<T>): OptionalShape<T> {
  return {
    [OPTIONAL]: true,
    encode: (value) => (value === undefined ? refuse() : of.encode(value)),
    decode: (wire) => of.decode(wire),
  };
}

/** A map with exactly these keys; unknown or missing keys are `malformed`. */
export function record<F extends Fields>(fields: F): Shape<Flat<RecordOf<F>>> {
  const entries = Object.entries<Shape<unknown>>(fields);
  const required = entries.filter(([, shape]) => !(OPTIONAL in shape)).length;
  return {
    encode: (value) => {
      const map = new Map<string, Wire>();
      for (const [key, shape] of entries) {
        const field = (value as Record<string, unknown>)[key];
        if (field !== undefined) map.set(key, shape.encode(field));
        else if (!(OPTIONAL in shape)) throw new TypeError("a required field is missing");
      }
      return map;
    },
    decode: (wire) => {
      if (!(wire instanceof Map)) return refuse();
      const value: Record<string, unknown> = {};
      let found = 0;
      let foundRequired = 0;
      for (const [key, shape] of entries) {
        const field = wire.get(key);
        if (field === undefined) continue;
        found++;
        if (!(OPTIONAL in shape)) foundRequired++;
        value[key] = shape.decode(field);
      }
      if (found !== wire.size || foundRequired !== required) return refuse();
      return value as Flat<RecordOf<F>>;
    },
  };
}

/** One of several records, told apart by the text under `key`. */
export function variant<K extends string, V extends Record<string, Shape<unknown>>>(
  key: K,
  variants: V,
): Shape<{ [N in keyof V & string]: Shaped<V[N]> & Record<K, N> }[keyof V & string]> {
  type Value = { [N in keyof V & string]: Shaped<V[N]> & Record<K, N> }[keyof V & string];
  const shapeOf = (name: unknown): Shape<unknown> =>
    typeof name === "string" && Object.hasOwn(variants, name)
      ? (variants[name] ?? refuse())
      : refuse();
  return {
    encode: (value) => {
      const name = (value as Record<string, unknown>)[key];
      const map = shapeOf(name).encode(value) as Map<string, Wire>;
      map.set(key, name as string);
      return map;
    },
    decode: (wire) => {
      if (!(wire instanceof Map)) return refuse();
      const name = wire.get(key);
      const rest = new Map(wire);
      rest.delete(key);
      return { ...(shapeOf(name).decode(rest) as object), [key]: name } as Value;
    },
  };
}

/** Deterministic CBOR of a shaped value. */
export function encodeShape<T>(shape: Shape<T>, value: T): Uint8Array {
  return encodeCbor(shape.encode(value));
}

/** The shaped value of deterministic CBOR. Errors: `too-large`, `not-canonical`, `malformed`, `unknown-version`. */
export function decodeShape<T>(
  shape: Shape<T>,
  bytes: Uint8Array,
  limit: number = LIMITS.messageBytes,
): T {
  return shape.decode(decodeCbor(bytes, limit));
}

/** A map from texts (ids, hashes or codes in their text form) to values, at most `max` of them. */
export function dictionary<T>(of: Shape<T>, max: number): Shape<Record<string, T>> {
  return {
    encode: (value) =>
      new Map(Object.entries(value).map(([key, item]): [string, Wire] => [key, of.encode(item)])),
    decode: (wire) => {
      if (!(wire instanceof Map)) return refuse();
      if (wire.size > max) throw new CoreError("too-large");
      const value: Record<string, T> = Object.create(null) as Record<string, T>;
      for (const [key, item] of wire) value[key] = of.decode(item);
      return value;
    },
  };
}

/** A wire value that is kept as it is and given its own shape later. */
export const anyWire: Shape<Wire> = { encode: (value) => value, decode: (wire) => wire };
