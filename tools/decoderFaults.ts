import fc from "fast-check";
import { PLANTED } from "./hostileText.ts";

/** Of each property; more when SINETTI_FUZZ_RUNS says so. */
export const FUZZ_RUNS = Number(process.env["SINETTI_FUZZ_RUNS"] ?? 200);

/** What reads hostile input, with sound values that it takes; `cost` divides how often it is tried. */
export interface Decoder<I> {
  readonly valid: readonly I[];
  readonly decode: (input: I) => unknown;
  readonly cost?: number;
}

/** Decoders by the exports that they run; in brackets, what runs no other export. */
export type Decoders<I> = Record<string, Decoder<I>>;

/** Whether an error is one of those that the package refuses with. */
type Known = (error: unknown) => boolean;

/**
 * What is wrong with how a decoder ends; null: it gives a value, or refuses with an error that `isTyped` knows and that does not
 * repeat the planted word.
 */
export function faultOf(decode: () => unknown, isTyped: Known): string | null {
  try {
    decode();
    return null;
  } catch (error) {
    return faultIn(error, isTyped);
  }
}

/** The same of a decoder that takes its time. */
export async function faultLater(
  decode: () => Promise<unknown>,
  isTyped: Known,
): Promise<string | null> {
  try {
    await decode();
    return null;
  } catch (error) {
    return faultIn(error, isTyped);
  }
}

function faultIn(error: unknown, isTyped: Known): string | null {
  if (!isTyped(error)) return error instanceof Error ? (error.stack ?? error.name) : typeof error;
  const { message } = error as Error;
  const told = JSON.stringify([message, Object.entries(error as object)]);
  return told.includes(PLANTED) ? `${message}: repeats what it refuses` : null;
}

/** Beyond what any of the inputs here can need. */
const MOST_TAKEN = 64 * 1024 * 1024;

/** The same as `faultOf`; a fault is also that memory was taken for what the input only promises. */
export function faultOrGreed(decode: () => unknown, isTyped: Known): string | null {
  const { arrayBuffers } = process.memoryUsage();
  const fault = faultOf(decode, isTyped);
  const taken = process.memoryUsage().arrayBuffers - arrayBuffers;
  return taken > MOST_TAKEN ? `${taken} bytes were taken` : fault;
}

/** What is wrong with how decoders end on the inputs that are planned for each, by name. */
export function faultsOf<I>(
  decoders: Decoders<I>,
  isTyped: Known,
  inputs: (decoder: Decoder<I>) => readonly I[],
): string[] {
  return Object.entries(decoders).flatMap(([name, decoder]) =>
    inputs(decoder).flatMap((input) => {
      const fault = faultOrGreed(() => decoder.decode(input), isTyped);
      return fault === null ? [] : [`${name}: ${fault}`];
    }),
  );
}

/** What refuses a sound value, by name. */
export function soundRefused<I>(decoders: Decoders<I>): string[] {
  return faultsOf(
    decoders,
    () => false,
    ({ valid }) => valid,
  );
}

/** The first fault of each decoder among arbitrary inputs, made as small as it goes, with its seed. */
export function faultsByChance<I>(
  decoders: Decoders<I>,
  isTyped: Known,
  inputs: (decoder: Decoder<I>) => fc.Arbitrary<I>,
): string[] {
  return Object.entries(decoders).flatMap(([name, decoder]) => {
    let last: string | null = null;
    const property = fc.property(inputs(decoder), (input) => {
      const fault = faultOf(() => decoder.decode(input), isTyped);
      last = fault ?? last;
      return fault === null;
    });
    const numRuns = Math.ceil(FUZZ_RUNS / (decoder.cost ?? 1));
    const { failed, seed, counterexample } = fc.check(property, { numRuns });
    return failed ? [`${name}: seed ${seed}, ${printed(counterexample)}: ${last}`] : [];
  });
}

function printed(input: unknown): string {
  try {
    return fc.stringify(input).slice(0, 2000);
  } catch (error) {
    if (error instanceof RangeError) return "nested deeper than can be printed";
    throw error;
  }
}

/** Names among a package's exports that say that they read something. */
export function decoderNames(entries: readonly object[], form: RegExp): string[] {
  const names = entries.flatMap((entry) =>
    Object.entries(entry).flatMap(([name, value]) =>
      typeof value === "function" && form.test(name) ? [name] : [],
    ),
  );
  return [...new Set(names)].sort();
}
