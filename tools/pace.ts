/** Forty words of five characters a minute: slow, with two fingers. */
export const KEY_MS = 300;
/** Silent reading of English, 238 words a minute (Brysbaert, 2019): sentences. */
export const READ_WORD_MS = 60_000 / 238;
/** Looking for a word among others, 600 words a minute (Carver, 1990): names of fields, buttons, screens. */
export const SCAN_WORD_MS = 60_000 / 600;
/** Bringing the pointer to something and pressing it (Card, Moran and Newell, 1980: 1.1 s and 0.2 s). */
export const POINT_MS = 1_100;
export const PRESS_MS = 200;
/** The hand from the keys to the pointer, or back (the same). */
export const HOME_MS = 400;

const SENTENCE = /[.:?!](?:\s|$)/;

/** How long somebody looks at what stands on a screen and was not there before; what was read is remembered in `seen`. */
export function readingMs(lines: readonly string[], seen: Set<string>): number {
  const fresh = lines.map((line) => line.trim()).filter((line) => line !== "" && !seen.has(line));
  for (const line of fresh) seen.add(line);
  return fresh.reduce((ms, line) => {
    const words = line.split(/\s+/).length;
    return ms + words * (SENTENCE.test(line) ? READ_WORD_MS : SCAN_WORD_MS);
  }, 0);
}

/** One step of somebody's way, in milliseconds. */
export interface Step {
  readonly name: string;
  readonly typing: number;
  readonly reading: number;
  readonly pointing: number;
  /** From the first moment of the step to its last. */
  readonly whole: number;
}

const COLUMNS = ["typing", "reading", "pointing", "machine", "all"] as const;
const seconds = (ms: number): string => (ms / 1000).toFixed(1);

/** The steps below each other with their sum; what nobody typed, read or pointed at is the machine's. */
export function paceTable(steps: readonly Step[]): string {
  const sum = (pick: (step: Step) => number): number =>
    steps.reduce((whole, step) => whole + pick(step), 0);
  const all: Step = {
    name: "all of it",
    typing: sum((step) => step.typing),
    reading: sum((step) => step.reading),
    pointing: sum((step) => step.pointing),
    whole: sum((step) => step.whole),
  };
  const width = Math.max(...[...steps, all].map(({ name }) => name.length));
  const line = (name: string, cells: readonly string[]): string =>
    [name.padEnd(width), ...cells.map((cell) => cell.padStart(10))].join("");
  return [
    line("seconds", COLUMNS),
    ...[...steps, all].map(({ name, typing, reading, pointing, whole }) => {
      const machine = Math.max(0, whole - typing - reading - pointing);
      return line(name, [typing, reading, pointing, machine, whole].map(seconds));
    }),
  ].join("\n");
}
