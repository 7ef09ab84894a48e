import { nearest } from "./nearest.ts";

/** What does not fit together in a file whose shape is sound. */
export interface Misfit {
  readonly path: readonly PropertyKey[];
  readonly problem: string;
  readonly expected: string;
  /** The id that is named and missing. */
  readonly named?: string;
}

/** A reference to an id that is not in the file. */
export function missing(
  path: readonly PropertyKey[],
  given: string,
  known: readonly string[],
): Misfit[] {
  if (known.includes(given)) return [];
  const meant = nearest(given, known);
  return [
    {
      path,
      problem: "it names what is not in the file",
      named: given,
      expected:
        meant === undefined ? "an id of the file" : `an id of the file (did you mean ${meant}?)`,
    },
  ];
}
