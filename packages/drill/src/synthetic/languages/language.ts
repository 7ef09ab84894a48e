import type { Rules } from "../grammar.ts";

/** What invented people of one language are made of. */
export interface Language {
  readonly code: "fi" | "sv" | "en";
  readonly female: readonly string[];
  readonly male: readonly string[];
  readonly family: readonly string[];
  readonly streets: readonly string[];
  /** Rules of the grammar; every language has the ones that the records ask for. */
  readonly rules: Rules;
}

const digits = (from: number, to: number, step = 1): string[] =>
  Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, index) =>
    String(from + index * step),
  );

/** Rules that are numbers in every language. */
export const NUMBERS: Rules = {
  few: digits(2, 5),
  hours: digits(3, 9),
  rating: digits(1, 10),
  percent: digits(10, 90, 5),
  minutes: digits(5, 60, 5),
  day: digits(1, 28).flatMap((day) => digits(1, 12).map((month) => `${day}.${month}.`)),
  clock: ["1", "2", "2.30", "3", "3.15", "3.40", "4", "4.20", "5", "5.45", "6", "6.30"],
};

/** The grammar's rules, with the names of the language among them. */
export function rulesOf({ female, male, family, rules }: Language): Rules {
  return { ...rules, name: [...female, ...male], surname: family };
}
