/** Where in a treatment a meeting is: its first weeks, a time that is hard, one that is better. */
export type Phase = "begin" | "hard" | "better";

type Lines = Readonly<Record<Phase, readonly string[]>>;

/** What one patient comes with, and how it goes; lines are those of a grammar. */
export interface Tale {
  /** ICD-10, with its words in the language. */
  readonly diagnosis: readonly [code: string, text: string];
  /** Ages at which it is told; none: at every age. */
  readonly ages?: readonly [from: number, to: number];
  readonly problem: string;
  readonly strengths: string;
  readonly longTermGoal: string;
  readonly objectives: readonly (readonly [text: string, target: string])[];
  readonly intervention: string;
  /** What the patient tells. */
  readonly told: Lines;
  /** What the therapist makes of it. */
  readonly view: Lines;
  /** What is agreed. */
  readonly next: Lines;
}

/** What every tale of a language shares. */
export interface Telling {
  readonly tales: readonly Tale[];
  /** What the therapist sees. */
  readonly seen: Lines;
  readonly risk: readonly string[];
  /** Why somebody did not come. */
  readonly missed: readonly string[];
  readonly missedNext: readonly string[];
  /** Who somebody near is to the patient. */
  readonly relations: readonly string[];
  readonly remark: readonly string[];
  readonly message: readonly string[];
  readonly reply: readonly string[];
  readonly process: readonly string[];
  readonly letterTitle: string;
  readonly letterTo: string;
  /** `{problem}` and `{view}` are the tale's. */
  readonly letter: string;
  readonly warningSigns: readonly string[];
  readonly coping: string;
  readonly people: string;
  readonly makingSafe: string;
}
