import type { FactsFile, Source } from "../facts/factsFile.ts";

/** Where a statement comes from: the number of the source in the report's list, and the place in it. */
export interface Mark {
  readonly number: number;
  readonly source: string;
  readonly at?: string;
}

/** One sentence of the report, with what it rests on. */
export interface Statement {
  /** The fact, question or legal event that it says; none for lessons and recommendations. */
  readonly id?: string;
  /** What the statement begins with: a time, or the theme of a lesson. */
  readonly lead?: string;
  readonly text: string;
  readonly status: FactsFile["facts"][number]["status"];
  readonly recordedBy: string;
  readonly sources: readonly Mark[];
  /** Reasons, effects, grounds, techniques. */
  readonly remarks: readonly string[];
  /** What other sources say, and what was recorded before. */
  readonly others: readonly Statement[];
}

/** A label, with statements or with the reason why there are none. */
export interface Label {
  readonly label: string;
  /** What the label means elsewhere: tactics of ATT&CK. */
  readonly reference?: string;
  readonly statements: readonly Statement[];
  readonly notEstablished?: string;
}

/** A heading with what stands below it. */
export interface Section {
  readonly level: 2 | 3;
  readonly heading: string;
  /** Statements right below the heading; undefined: this section has none. */
  readonly body?: Omit<Label, "label">;
  readonly note?: Omit<Label, "label">;
  readonly labels: readonly Label[];
}

/** An incident report: every heading and label in order, each statement with its sources. */
export interface Report {
  readonly title: string;
  /** ISO date. */
  readonly compiled: string;
  readonly sections: readonly Section[];
  readonly sources: readonly (Source & { readonly number: number })[];
  /** What the report was made from. */
  readonly facts: FactsFile;
}
