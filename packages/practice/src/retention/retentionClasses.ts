/** From what a period of keeping is counted. */
export type RetentionStart = "death" | "birth" | "care-end";

/** How long a record is kept, where, and who says so. */
export interface RetentionClass {
  /** `fi-703-2023`: what a practice names in its directory. */
  readonly id: string;
  /** ISO 3166-1 alpha-2. */
  readonly jurisdiction: string;
  /** Whether a law says it, or bodies of the profession advise it. */
  readonly basis: "law" | "advice";
  /** The text that was read, and the day on which it was in force. */
  readonly source: { readonly title: string; readonly place: string; readonly asOf: string };
  /** The first whose date is known counts. */
  readonly periods: readonly { readonly after: RetentionStart; readonly years: number }[];
  /** Whoever was younger than `age` at the end of care: not before `years` after that birthday. */
  readonly minors?: { readonly age: number; readonly years: number };
  /** What else a person must look at before anything is erased. */
  readonly caution?: string;
}

/** The classes that are known, by jurisdiction; a practice chooses one (5-practice, Retention). */
export const RETENTION_CLASSES: readonly RetentionClass[] = [
  {
    id: "fi-703-2023",
    jurisdiction: "FI",
    basis: "law",
    source: {
      title: "Laki sosiaali- ja terveydenhuollon asiakastietojen käsittelystä 703/2023",
      place: "liite, potilasasiakirjat",
      asOf: "2024-01-01",
    },
    periods: [
      { after: "death", years: 12 },
      { after: "birth", years: 120 },
    ],
    caution:
      "What the National Archives has ordered to be archived is not destroyed when its time is over.",
  },
  {
    id: "de-bgb-630f",
    jurisdiction: "DE",
    basis: "law",
    source: {
      title: "Bürgerliches Gesetzbuch",
      place: "§ 630f Abs. 3",
      asOf: "2013-02-26",
    },
    periods: [{ after: "care-end", years: 10 }],
    caution: "Other provisions may ask for longer.",
  },
  {
    id: "gb-advice",
    jurisdiction: "GB",
    basis: "advice",
    source: {
      title:
        "Advice of professional bodies and insurers; no statute sets a period for private practice",
      place: "compare Limitation Act 1980, ss. 5, 11 and 28",
      asOf: "2026-01-01",
    },
    periods: [{ after: "care-end", years: 7 }],
    minors: { age: 18, years: 7 },
    caution: "Work for the NHS follows its Records Management Code of Practice instead.",
  },
];

/** The class of this id; undefined: unknown. */
export function findRetentionClass(id: string): RetentionClass | undefined {
  return RETENTION_CLASSES.find((each) => each.id === id);
}
