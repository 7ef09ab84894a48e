import type { Meeting } from "../course.ts";
import { Grammar } from "../grammar.ts";
import type { Random } from "../random.ts";
import { ENGLISH_TELLING } from "./english.ts";
import { FINNISH_TELLING } from "./finnish.ts";
import { SWEDISH_TELLING } from "./swedish.ts";
import type { Phase, Tale, Telling } from "./tale.ts";

const TELLINGS = { fi: FINNISH_TELLING, sv: SWEDISH_TELLING, en: ENGLISH_TELLING };
/** The first weeks are told as such, however they go. */
const BEGINNING = 4;
/** Above it a meeting is told as a hard one: its measures say so too. */
const HARD = 0.4;

/** Where in its treatment a meeting is. */
export function phaseOf(index: number, { severity }: Meeting): Phase {
  if (index < BEGINNING) return "begin";
  return severity > HARD ? "hard" : "better";
}

/** One patient's chart as somebody would write it: one problem, and how it goes with it. */
export class Story {
  readonly tale: Tale;
  readonly telling: Telling;
  readonly #random: Random;
  /** Lines that were not said yet: none comes again before all have been. */
  readonly #unsaid = new Map<readonly string[], string[]>();

  constructor(language: "fi" | "sv" | "en", age: number, random: Random) {
    this.telling = TELLINGS[language];
    this.tale = random.pick(
      this.telling.tales.filter(({ ages }) => ages === undefined || isWithin(age, ages)),
    );
    this.#random = random;
  }

  /** The next of some lines. */
  say(lines: readonly string[]): string {
    const unsaid = this.#unsaid.get(lines) ?? [];
    if (unsaid.length === 0) unsaid.push(...lines);
    this.#unsaid.set(lines, unsaid);
    const [line = ""] = unsaid.splice(this.#random.between(0, unsaid.length - 1), 1);
    return new Grammar({ line: [line] }).say("line", this.#random);
  }

  /** So many of them, one after the other. */
  sayMany(lines: readonly string[], count: number): string {
    return Array.from({ length: count }, () => this.say(lines)).join(" ");
  }

  /** The sections of a note of a template, in a phase. */
  sections(template: "soap" | "dap" | "narrative", phase: Phase): { id: string; text: string }[] {
    const { told, view, next } = this.tale;
    const tell = (count: number): string => this.sayMany(told[phase], count);
    const [seen, meant, then] = [this.telling.seen[phase], view[phase], next[phase]].map((lines) =>
      this.say(lines),
    ) as [string, string, string];
    if (template === "narrative")
      return [{ id: "narrative", text: [tell(3), seen, meant, then].join(" ") }];
    const end = [
      { id: "assessment", text: meant },
      { id: "plan", text: then },
    ];
    if (template === "dap") return [{ id: "data", text: `${tell(3)} ${seen}` }, ...end];
    return [{ id: "subjective", text: tell(3) }, { id: "objective", text: seen }, ...end];
  }

  /** A letter about the treatment, in the middle of it. */
  letter(): string {
    const { problem, view } = this.tale;
    return this.telling.letter
      .replace("{problem}", problem)
      .replace("{view}", this.sayMany(view.hard, 2));
  }
}

const isWithin = (age: number, [from, to]: readonly [number, number]): boolean =>
  age >= from && age <= to;
