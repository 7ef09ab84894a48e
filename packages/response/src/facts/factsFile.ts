import { z } from "zod";

import { PLACES } from "./places.ts";
import { readTime } from "./time.ts";

const text = (most: number): z.ZodString => z.string().trim().min(1).max(most);
const id = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,59}$/, "small letters, digits and hyphens, a letter first")
  .describe("Small letters, digits and hyphens; every id of the file once");
const day = z
  .string()
  .refine((value) => readTime(value)?.grain === "day", "a day such as 2020-10-21")
  .describe("A day: 2020-10-21");

const citation = z
  .union(
    [id, z.strictObject({ source: id, at: text(120).describe("Page, section, line, time") })],
    {
      error: "the id of a source, or {source, at}",
    },
  )
  .describe("The id of a source, or the source with the place in it");

export const PRECISIONS = [
  "exact",
  "day",
  "month",
  "year",
  "before",
  "after",
  "between",
  "about",
  "at least",
  "unknown",
] as const;
export const STATUSES = ["claimed", "inferred", "corroborated", "verified", "refuted"] as const;

const scalar = z.union([text(1500), z.number()], { error: "a text or a number" });
const value = z
  .union([scalar, z.tuple([scalar, scalar])], { error: "a text, a number, or two of them" })
  .describe(
    "A text, a number, a time (2020, 2020-autumn, 2020-10, 2020-10-21), or two in brackets",
  );

/** What every statement has: where it comes from, and how far it holds. */
const grounded = {
  sources: z.array(citation).min(1).max(12),
  status: z
    .enum(STATUSES)
    .describe(
      "claimed: one source says so; corroborated: two that do not copy each other; verified: read in the original; inferred: by us, on the grounds given; refuted",
    ),
  grounds: text(600).optional().describe("What an inferred fact rests on"),
  recordedBy: text(80).optional().describe("Who recorded it; else that of the whole file"),
};

/** What a later record of the same takes the place of; both stay in the report. */
const supersedes = id.optional().describe("The earlier record that this one takes the place of");

const source = z.strictObject({
  id,
  kind: z.enum([
    "court",
    "authority",
    "police",
    "law",
    "organization",
    "newspaper",
    "publication",
    "web",
    "document",
    "person",
    "log",
  ]),
  title: text(300),
  publisher: text(120),
  date: z
    .union([z.string(), z.int()])
    .refine((given) => readTime(String(given)) !== undefined, "a time such as 2020-10-21 or 2020")
    .optional(),
  url: z
    .url({ protocol: /^https?$/ })
    .max(600)
    .optional(),
  public: z.boolean().describe("Whether anybody can read it"),
  gap: text(400).optional().describe("What could not be read or checked in it"),
});

const fact = z.strictObject({
  id,
  value: value.optional(),
  unit: text(40).optional(),
  precision: z.enum(PRECISIONS),
  says: text(1500).optional().describe("A sentence; {value} is where the value goes"),
  under: z.array(z.enum(PLACES)).min(1).max(6).optional().describe("Where in the report it stands"),
  answers: id.optional().describe("The question that it answers, when sources differ on it"),
  attack: z
    .array(z.string().regex(/^T\d{4}(\.\d{3})?$/, "an ATT&CK technique such as T1190 or T1078.001"))
    .max(6)
    .optional(),
  supersedes,
  ...grounded,
});

const question = z.strictObject({
  id,
  asks: text(200),
  under: z.array(z.enum(PLACES)).min(1).max(6),
  chosen: id.optional().describe("The fact that is used"),
  reason: text(600).optional().describe("Why it is used"),
});

export const LEGAL_KINDS = [
  "authority decision",
  "disclosure hold",
  "complaint",
  "suspect",
  "arrest",
  "remand",
  "custody release",
  "charges",
  "charges waived",
  "plea",
  "verdict",
  "acquittal",
  "sentence",
  "appeal",
  "appeal verdict",
  "changed sentence",
  "settlement",
  "compensation",
  "insolvency",
] as const;

const legalEvent = z.strictObject({
  id,
  kind: z.enum(LEGAL_KINDS),
  value: value.optional().describe("When"),
  precision: z.enum(PRECISIONS),
  says: text(1500),
  effect: z.enum(["standing", "under appeal", "superseded", "final"]),
  supersededBy: id.optional().describe("The legal event that took the place of a superseded one"),
  remark: text(600).optional().describe("What the effect leaves open"),
  supersedes,
  ...grounded,
});

const lesson = z.strictObject({ theme: text(80), says: text(1500), ...grounded });

const recommendation = z.strictObject({
  theme: text(80),
  says: text(1500),
  owner: text(120).optional(),
  due: day.optional(),
  state: z.enum(["open", "in progress", "done", "dropped"]).optional(),
  ...grounded,
});

/** The shape of a facts file (version 1): what is known of an incident, each statement with its source. */
export const factsFileSchema = z.strictObject({
  sinettiFacts: z.literal(1).describe("Version of this format"),
  title: text(160),
  compiled: day.describe("The day the facts were put together; the report's date"),
  recordedBy: text(80).describe("Who recorded what says nothing else"),
  publicPersons: z
    .array(z.strictObject({ name: text(80), why: text(300), sources: z.array(citation).min(1) }))
    .max(50)
    .optional()
    .describe("Who may be named, and the public source that names them; never a patient"),
  sources: z.array(source).min(1).max(500),
  questions: z.array(question).max(200).optional(),
  facts: z.array(fact).max(2000),
  legalEvents: z.array(legalEvent).max(500).optional(),
  lessons: z.array(lesson).max(100).optional(),
  recommendations: z.array(recommendation).max(100).optional(),
  notEstablished: z
    .partialRecord(z.enum(PLACES), text(400))
    .optional()
    .describe("Why nothing is known under a label"),
});

export type FactsFile = z.infer<typeof factsFileSchema>;
export type Fact = FactsFile["facts"][number];
export type Source = FactsFile["sources"][number];
export type Question = NonNullable<FactsFile["questions"]>[number];
export type LegalEvent = NonNullable<FactsFile["legalEvents"]>[number];
export type Recommendation = NonNullable<FactsFile["recommendations"]>[number];
export type Citation = Fact["sources"][number];
