import fc from "fast-check";
import { CoreError, decodeCbor, encodeCbor, type Wire } from "@sinetti/core";

const DEEP = 20_000;
/** Heads of strings, lists and maps that promise four gigabytes, and of as many as numbers hold. */
const PROMISES = [0x5a, 0x7a, 0x9a, 0xba].flatMap((head) => [
  Uint8Array.of(head, 0xff, 0xff, 0xff, 0xff),
  Uint8Array.of(head + 1, 0, 0x1f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff),
]);

const anyKey = fc.constantFrom("file", "seen", "items", "order", "v", "until", "__proto__");
/** Values of every kind that the decoder of core knows, and a few that reach its limits. */
export const anyWire: fc.Arbitrary<Wire> = fc.letrec<{ wire: Wire }>((tie) => ({
  wire: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom<Wire>(0, 1, 255, 4_294_967_295, Number.MAX_SAFE_INTEGER, -1, true, null, ""),
    fc.uint8Array({ maxLength: 40 }),
    fc.constantFrom(16, 32, 64, 1216).map((length): Wire => new Uint8Array(length)),
    fc.string({ maxLength: 80 }),
    fc.array(tie("wire"), { maxLength: 4 }),
    fc.array(fc.tuple(anyKey, tie("wire")), { maxLength: 4 }).map((pairs): Wire => new Map(pairs)),
  ),
})).wire;

/** One place inside a value, changed to another value; in a map a key may come that it does not have, or one may go. */
export function changeWire(
  wire: Wire,
  { path, into }: { path: readonly number[]; into: Wire },
): Wire {
  const [step, ...rest] = path;
  if (step === undefined) return into;
  if (Array.isArray(wire) && wire.length > 0) {
    const at = step % wire.length;
    return wire.map((item: Wire, index) =>
      index === at ? changeWire(item, { path: rest, into }) : item,
    );
  }
  if (!(wire instanceof Map) || wire.size === 0) return into;
  const [key, value] = [...wire][step % wire.size] ?? ["", null];
  const changed = new Map(wire);
  if (rest.length === 0 && step % 5 === 3) return changed.set("more", into);
  if (rest.length === 0 && step % 5 === 4) changed.delete(key);
  else changed.set(key, changeWire(value, { path: rest, into }));
  return changed;
}

/** The value of canonical CBOR that begins after `skip` bytes; null: there is none. */
function wireAfter(bytes: Uint8Array, skip: number): Wire | null {
  try {
    return decodeCbor(bytes.subarray(skip));
  } catch (error) {
    if (error instanceof CoreError) return null;
    throw error;
  }
}

const SIGNATURE_BYTES = 64;

/** A sound value with one place of its CBOR changed, its signature kept where it has one; any value where there is no CBOR. */
function changedInside(valid: readonly Uint8Array[]): fc.Arbitrary<Uint8Array> {
  const sound = valid.flatMap((bytes) =>
    [0, SIGNATURE_BYTES].flatMap((skip) => {
      const wire = bytes.length > skip ? wireAfter(bytes, skip) : null;
      return wire === null ? [] : [{ before: bytes.subarray(0, skip), wire }];
    }),
  );
  if (sound.length === 0) return anyWire.map((wire) => encodeCbor(wire));
  const path = fc.array(fc.nat(14), { minLength: 1, maxLength: 6 });
  return fc
    .tuple(fc.constantFrom(...sound), path, anyWire)
    .map(([{ before, wire }, at, into]) =>
      Uint8Array.from(Buffer.concat([before, encodeCbor(changeWire(wire, { path: at, into }))])),
    );
}

const INJURIES = ["flip", "cut", "more", "overwrite", "swell"] as const;

/** A sound value with a bit flipped, cut, with bytes behind it, with bytes of another, or with a length that promises much. */
function injured(valid: readonly Uint8Array[]): fc.Arbitrary<Uint8Array> {
  if (valid.length === 0) return fc.uint8Array({ maxLength: 300 });
  const parts = [fc.constantFrom(...valid), fc.constantFrom(...INJURIES), fc.nat()] as const;
  return fc.tuple(...parts, fc.uint8Array({ maxLength: 12 })).map(([whole, how, where, other]) => {
    const bytes = Uint8Array.from(whole);
    const at = where % Math.max(1, bytes.length);
    if (how === "cut") return bytes.subarray(0, at);
    if (how === "more") return Uint8Array.from([...bytes, ...other]);
    if (how === "flip") bytes[at] = (bytes[at] ?? 0) ^ (1 << (where % 8));
    else if (how === "swell") bytes.fill(where % 3 === 0 ? 0x7f : 0xff, at, at + 4);
    else bytes.set(other.subarray(0, bytes.length - at), at);
    return bytes;
  });
}

/** Bytes as somebody hostile would send them in the place of sound ones. */
export function hostileBytes(valid: readonly Uint8Array[]): fc.Arbitrary<Uint8Array> {
  return fc.oneof(
    { weight: 2, arbitrary: fc.uint8Array({ maxLength: 300 }) },
    { weight: 4, arbitrary: injured(valid) },
    { weight: 4, arbitrary: changedInside(valid) },
  );
}

/**
 * What no chance would find: every beginning of a sound value (of a long one, or where a try has its cost, some), nesting beyond
 * every limit, counts that promise more than is there.
 */
export function plannedBytes(valid: readonly Uint8Array[], cost = 1): Uint8Array[] {
  const cut = valid.flatMap((bytes) => {
    const step = Math.ceil((cost * Math.max(200, bytes.length)) / 200);
    return Array.from({ length: Math.ceil(bytes.length / step) }, (_, index) =>
      bytes.subarray(0, index * step),
    );
  });
  const deep = [0x81, 0xa1, 0x5b].map((head) => new Uint8Array(DEEP).fill(head));
  const signed = [...deep, ...PROMISES].map((bytes) =>
    Uint8Array.from([...new Uint8Array(SIGNATURE_BYTES), ...bytes]),
  );
  return [...cut, ...deep, ...PROMISES, ...signed];
}
