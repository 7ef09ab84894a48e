import fc from "fast-check";

/** A word that hostile texts carry, and no message may. */
export const PLANTED = "Tuulikki Wahlroos";

const anyCharacters = fc.oneof(
  fc.string({ maxLength: 60 }),
  fc.string({ unit: "binary", maxLength: 60 }),
  fc.constantFrom(
    "__proto__",
    "constructor",
    "\u0000",
    "\ud800",
    "\ufeff",
    "=".repeat(200),
    "9e999",
  ),
);

/** Texts as somebody hostile would write them in the place of sound ones; each may carry the planted word. */
export function hostileText(valid: readonly string[]): fc.Arbitrary<string> {
  const parts = [fc.constantFrom("", ...valid), fc.nat(), fc.nat(40), anyCharacters] as const;
  const changed = fc.tuple(...parts, fc.boolean()).map(([text, where, gone, put, isPlanted]) => {
    const at = where % (text.length + 1);
    return text.slice(0, at) + put + (isPlanted ? PLANTED : "") + text.slice(at + gone);
  });
  return fc.oneof(anyCharacters, changed, changed);
}

/**
 * What no chance would find: every beginning of a sound text (of a long one, or where a try has its cost, some), nesting, and the
 * same sign a hundred thousand times.
 */
export function plannedTexts(valid: readonly string[], cost = 1): string[] {
  const cut = valid.flatMap((text) => {
    const step = Math.ceil((cost * Math.max(200, text.length)) / 200);
    return Array.from({ length: Math.ceil(text.length / step) }, (_, index) =>
      text.slice(0, index * step),
    );
  });
  const long = [
    "[",
    "{",
    '{"a":',
    '"',
    " ",
    "0",
    "-",
    "9",
    "a",
    "ä",
    "\n",
    "\t",
    ".",
    "😀",
    "[{",
    "- ",
  ];
  return [
    ...cut,
    ...long.map((sign) => sign.repeat(100_000)),
    `${"[".repeat(9e4)}${"]".repeat(9e4)}`,
  ];
}

/** JSON values of every kind, wrong ones among them. */
const anyJson: fc.Arbitrary<unknown> = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.constantFrom<unknown>(
    PLANTED,
    "",
    -1,
    1.5,
    1e308,
    null,
    true,
    [],
    {},
    [null],
    "x".repeat(70_000),
  ),
  fc.constant(JSON.parse(`{"__proto__": {"a": 1}, "constructor": "${PLANTED}"}`) as unknown),
  fc.constant(JSON.parse(`${"[".repeat(5000)}${"]".repeat(5000)}`) as unknown),
);

function changeJson(value: unknown, path: readonly number[], into: unknown): unknown {
  const [step, ...rest] = path;
  if (step === undefined || typeof value !== "object" || value === null) return into;
  if (Array.isArray(value)) {
    if (value.length === 0 || (rest.length === 0 && step % 5 === 3)) return [...value, into];
    return value.map((item: unknown, index) =>
      index === step % value.length ? changeJson(item, rest, into) : item,
    );
  }
  const entries = Object.entries(value);
  const [key, inner] = entries[step % Math.max(1, entries.length)] ?? [PLANTED, null];
  if (rest.length === 0 && step % 5 === 3) return { ...value, [PLANTED]: into };
  if (rest.length === 0 && step % 5 === 4)
    return Object.fromEntries(entries.filter(([each]) => each !== key));
  return { ...value, [key]: changeJson(inner, rest, into) };
}

/** JSON values as somebody hostile would send them in the place of sound ones. */
export function hostileJson(valid: readonly unknown[]): fc.Arbitrary<unknown> {
  if (valid.length === 0) return anyJson;
  const path = fc.array(fc.nat(14), { minLength: 1, maxLength: 7 });
  const changed = fc
    .tuple(fc.constantFrom(...valid), path, anyJson)
    .map(([value, at, into]) => changeJson(value, at, into));
  return fc.oneof({ weight: 1, arbitrary: anyJson }, { weight: 4, arbitrary: changed });
}

const DEEP_JSON = `${"[".repeat(50_000)}${"]".repeat(50_000)}`;

/** The same as texts. */
export function hostileJsonText(valid: readonly unknown[]): fc.Arbitrary<string> {
  return hostileJson(valid).map((value) => {
    try {
      return JSON.stringify(value);
    } catch (error) {
      if (error instanceof RangeError) return DEEP_JSON;
      throw error;
    }
  });
}
