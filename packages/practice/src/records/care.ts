import { z } from "zod";
import {
  bodyOf,
  coding,
  date,
  id,
  line,
  list,
  partialDate,
  retraction,
  sha256,
  source,
  sourceDocument,
  text,
} from "./fields.ts";
import { exportRequest, exported } from "./export.ts";
import { measureRecord } from "./measure.ts";
import { countersignature, noteAmendment, sessionNote } from "./note.ts";
import {
  communication,
  consent,
  encounter,
  observations,
  procedure,
  questionnaireAnswers,
} from "./outside.ts";
import { opening } from "./opening.ts";
import { origin } from "./origin.ts";
import { goal, plan } from "./plan.ts";

const diagnosis = bodyOf("diagnosis", {
  code: coding,
  classification: z.enum(["icd-10", "icd-11", "dsm-5", "snomed-ct", "other"]),
  rank: z.enum(["main", "other"]).exactOptional(),
  status: z.enum([
    "active",
    "recurrence",
    "relapse",
    "inactive",
    "remission",
    "resolved",
    "unknown",
  ]),
  certainty: z.enum([
    "confirmed",
    "provisional",
    "differential",
    "refuted",
    "entered-in-error",
    "unconfirmed",
    "unknown",
  ]),
  from: partialDate.exactOptional(),
  until: partialDate.exactOptional(),
  replaces: id.exactOptional(),
  source: source.exactOptional(),
});
/** A diagnosis: code of a classification with its words, state and dates. */
export type Diagnosis = z.infer<typeof diagnosis>;

const riskPlan = bodyOf("riskPlan", {
  level: z.enum(["none-known", "low", "moderate", "high", "acute"]),
  concerns: text,
  warningSigns: list(text),
  copingSteps: list(text),
  peopleAndPlaces: list(text),
  professionals: list(text),
  makingSafe: text,
  reasonsForLiving: text.exactOptional(),
  reviewOn: date.exactOptional(),
  replaces: id.exactOptional(),
});
/** A risk assessment with its safety plan (steps after Stanley and Brown, 2012). */
export type RiskPlan = z.infer<typeof riskPlan>;

const attachment = z.strictObject({
  id,
  key: z.string().regex(/^[0-9a-f]{64}$/),
  chunks: z.int().min(1),
  sizeBytes: z.int().min(0),
  sha256: sha256.exactOptional(),
});
/** A sealed attachment: its id, its own key (32 bytes, hexadecimal), its chunks and its size. */
export type Attachment = z.infer<typeof attachment>;

const document = bodyOf("document", {
  title: line,
  kind: coding.exactOptional(),
  on: partialDate.exactOptional(),
  author: line.exactOptional(),
  mediaType: line.exactOptional(),
  status: line.exactOptional(),
  text: text.exactOptional(),
  attachment: attachment.exactOptional(),
  replaces: id.exactOptional(),
  source: source.exactOptional(),
});
/** A document: its text, an attachment, or an original from elsewhere. */
export type CareDocument = z.infer<typeof document>;

const letter = bodyOf("letter", {
  title: line,
  to: line,
  on: date,
  text,
  attachment: attachment.exactOptional(),
  replaces: id.exactOptional(),
});
/** A letter that was sent. */
export type Letter = z.infer<typeof letter>;

const discharge = bodyOf("discharge", {
  on: date,
  reason: z.enum([
    "completed",
    "patient-ended",
    "referred",
    "moved",
    "lost-contact",
    "died",
    "other",
  ]),
  summary: text,
  recommendations: text.exactOptional(),
  referredTo: line.exactOptional(),
  replaces: id.exactOptional(),
});
/** The end of a treatment and its summary. */
export type Discharge = z.infer<typeof discharge>;

const careRelationship = bodyOf("careRelationship", {
  status: z.enum(["planned", "waiting", "active", "on-hold", "ended", "entered-in-error"]),
  from: partialDate.exactOptional(),
  until: partialDate.exactOptional(),
  therapist: id.exactOptional(),
  therapistName: line.exactOptional(),
  kinds: list(coding),
  replaces: id.exactOptional(),
  source: source.exactOptional(),
});
/** Who is responsible for the patient, from when until when. */
export type CareRelationship = z.infer<typeof careRelationship>;

const links = bodyOf("links", {
  identity: id,
  office: id.exactOptional(),
  portal: id.exactOptional(),
  process: id.exactOptional(),
});
/** The way back from the care file to the patient's other files. */
export type CareLinks = z.infer<typeof links>;

/** What a care file's entries hold. */
export const careBody = z.discriminatedUnion("type", [
  sessionNote,
  noteAmendment,
  countersignature,
  plan,
  goal,
  diagnosis,
  measureRecord,
  riskPlan,
  document,
  letter,
  discharge,
  careRelationship,
  encounter,
  observations,
  procedure,
  communication,
  consent,
  questionnaireAnswers,
  origin,
  opening,
  exportRequest,
  exported,
  links,
  retraction,
  sourceDocument,
]);
/** What a care file's entries hold. */
export type CareBody = z.infer<typeof careBody>;
