/** The measures that come with the program. */
export type MeasureId = "phq-9" | "gad-7" | "pcl-5" | "audit-c" | "who-5";

/** Sex as AUDIT-C's published cut-offs use it. */
export type CutoffSex = "female" | "male";

/** Where a text or number comes from, and on which terms it is used. */
export interface MeasureSource {
  citation: string;
  url?: string;
  terms: string;
}

/** One answer of a scale: its score, and its words. */
export interface MeasureOption {
  score: number;
  text: string;
  loinc?: string;
}

/** One item: its words, its own options where they differ from the measure's, its LOINC code where it has one. */
export interface MeasureItem {
  text: string;
  options?: readonly MeasureOption[];
  loinc?: string;
}

/** A band of totals, both ends included. */
export interface MeasureBand {
  id: string;
  from: number;
  to: number;
}

/** A bundled measure. Totals are after `multiplier`. */
export interface Measure {
  id: MeasureId;
  name: string;
  language: "en";
  instruction: string;
  items: readonly MeasureItem[];
  options: readonly MeasureOption[];
  multiplier: number;
  better: "lower" | "higher";
  /** Bands without regard to sex; empty where the cut-off depends on sex. */
  bands: readonly MeasureBand[];
  /** The published cut-offs: met at or beyond `at`, on the worse side. */
  cutoffs: readonly { id: string; at: number; sex?: CutoffSex }[];
  /** Items (from 1) whose answer alone alerts, from `from` points. */
  itemAlerts: readonly { id: string; item: number; from: number }[];
  loinc: { panel?: string; total?: string };
  /** Published reliable change in points of the total, with its source. */
  reliableChange?: { points: number; citation: string };
  sources: readonly MeasureSource[];
}
