import type {
  CareBody,
  EntryBody,
  EntryDraft,
  NoteContent,
  OfficeBody,
  Person,
  PortalBody,
} from "@sinetti/practice";

import {
  inventContent,
  inventDiagnoses,
  inventMeasures,
  inventNote,
  inventPapers,
  inventPlan,
  writtenOn,
  type Case,
} from "./careRecords.ts";
import { inventCourse } from "./course.ts";
import { inventDocuments, type InventedDocument } from "./documents.ts";
import { inventContact, inventPerson, pickSpeech } from "./person.ts";
import { Random } from "./random.ts";
import { Story } from "./stories/story.ts";

/** The compartments that a patient's records lie in. */
export const PATIENT_COMPARTMENTS = ["identity", "office", "care", "portal", "process"] as const;
/** A compartment that a patient's records lie in. */
export type PatientCompartment = (typeof PATIENT_COMPARTMENTS)[number];
/** Records of a patient by compartment, before they have ids. */
export type Records = { [C in PatientCompartment]: EntryDraft<EntryBody<C>>[] };

/** One invented patient: everything that is to be written, and nothing that is random beside the seed. */
export interface InventedPatient {
  readonly number: number;
  readonly person: Person;
  readonly records: Records;
  readonly documents: InventedDocument[];
  /** A note that was begun and not signed. */
  readonly drafts: NoteContent[];
}

/** What patients are invented from. */
export interface PatientWish {
  readonly seed: string;
  readonly number: number;
  /** Day before which everything has happened. */
  readonly until: string;
  /** How many entries a patient has, on the whole. */
  readonly meanEntries: number;
  /** Member id of the therapist. */
  readonly author: string;
  /** The treatment began within the last year and goes on. */
  readonly isRecent?: boolean;
}

/** Of the entries of a patient, about so many are notes of meetings. */
const MEETINGS_OF_ENTRIES = 0.29;
const ATTENDANCES = 10;

/** Invents one patient with their whole record. */
export function inventPatient(wish: PatientWish): InventedPatient {
  const random = new Random(`${wish.seed}/patient/${wish.number}`);
  const speech = pickSpeech(random);
  const mean = Math.max(3, wish.meanEntries * MEETINGS_OF_ENTRIES);
  const { until, isRecent = false } = wish;
  const course = inventCourse({ until, mean, isRecent }, random.fork("course"));
  const began = writtenOn(course.meetings[0]?.date ?? wish.until);
  const person = inventPerson(speech, began, random.fork("person"));
  const sex = person.sex === "male" ? "male" : "female";
  const age = Number(until.slice(0, 4)) - Number(person.birthDate?.slice(0, 4));
  const story = isRecent ? new Story(speech.code, age, random.fork("story")) : undefined;
  const of: Case = {
    speech,
    course,
    author: wish.author,
    sex,
    random: random.fork("care"),
    ...(story === undefined ? {} : { story }),
  };
  const contacts = random.chance(0.7)
    ? [inventContact(speech, began, { random, relations: story?.telling.relations ?? null })]
    : [];
  const last = course.meetings.at(-1);
  return {
    number: wish.number,
    person,
    records: {
      identity: [person, ...contacts].map(numbered),
      office: inventOffice(of, person).map(numbered),
      care: inventCare(of, began).map(numbered),
      portal: (random.chance(0.25) ? inventMessages(of) : []).map(numbered),
      process: (random.chance(0.1) ? inventProcess(of) : []).map(numbered),
    },
    documents: inventDocuments(of, { isRecent }),
    drafts:
      course.ended === null && last !== undefined && random.chance(0.2)
        ? [inventContent(of, last)]
        : [],
  };
}

/** A record under its type and place: the same in every run. */
function numbered<B extends { type: string }>(body: B, index: number): EntryDraft<B> {
  return { sourceId: `${body.type}/${index}`, body };
}

function inventCare(of: Case, began: string): CareBody[] {
  const { course, author } = of;
  const diagnoses = inventDiagnoses(of);
  const relationship: CareBody = {
    v: 1,
    type: "careRelationship",
    at: began,
    status: course.ended === null ? "active" : "ended",
    from: began.slice(0, 10),
    ...(course.ended === null ? {} : { until: course.ended }),
    therapist: author,
    kinds: [],
  };
  const bodies: CareBody[] = [
    relationship,
    inventPlan(
      of,
      diagnoses.map(({ code }) => code),
    ),
    ...diagnoses,
    ...course.meetings.map((meeting) => inventNote(of, meeting)),
    ...inventMeasures(of),
    ...inventPapers(of),
  ];
  return bodies.toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
}

function inventOffice(
  { speech, course, random, story }: Case,
  { name, addresses }: Person,
): OfficeBody[] {
  const began = course.meetings[0]?.date ?? "";
  const at = writtenOn(began);
  const { lines, postalCode, city } = addresses[0] ?? { lines: [] };
  const bodies: OfficeBody[] = [
    {
      v: 1,
      type: "billingAddress",
      at,
      name: `${name.given[0] ?? ""} ${name.family ?? ""}`.trim(),
      lines,
      ...(postalCode === undefined ? {} : { postalCode }),
      ...(city === undefined ? {} : { city }),
    },
  ];
  if (random.chance(0.7))
    bodies.push({
      v: 1,
      type: "payer",
      at,
      payer: "kela",
      decision: `K${random.between(100_000, 999_999)}`,
      validFrom: began,
      validTo: `${Number(began.slice(0, 4)) + 1}${began.slice(4, 8)}28`,
      sessionsGranted: 80,
      sessionsUsedBefore: 0,
      shareCents: 5760,
      warnSessionsLeft: 8,
      warnDaysLeft: 42,
    });
  for (const { date, minutes, attendance } of course.meetings.slice(-ATTENDANCES))
    bodies.push({
      v: 1,
      type: "attendance",
      at: writtenOn(date),
      start: `${date}T${String(random.between(8, 17)).padStart(2, "0")}:00`,
      zone: "Europe/Helsinki",
      minutes,
      outcome: attendance,
      ...(random.chance(0.2)
        ? { remark: story?.say(story.telling.remark) ?? speech.grammar.say("remark", random) }
        : {}),
    });
  return bodies;
}

function inventMessages({ speech, course, author, random, story }: Case): PortalBody[] {
  return course.meetings.slice(-random.between(1, 4)).flatMap(({ date }): PortalBody[] => {
    const at = writtenOn(date);
    const message = { v: 1 as const, type: "message" as const, at, attachments: [] };
    const say = (rule: "message" | "reply"): string =>
      story?.say(story.telling[rule]) ?? speech.grammar.say(rule, random);
    return [
      { ...message, author: { is: "patient" }, text: say("message") },
      { ...message, author: { is: "member", member: author }, text: say("reply") },
    ];
  });
}

function inventProcess({ speech, course, random, story }: Case): EntryBody<"process">[] {
  return course.meetings.slice(-2).map(({ date }) => ({
    v: 1,
    type: "processNote",
    at: writtenOn(date),
    sessionDate: date,
    text: story?.say(story.telling.process) ?? speech.grammar.sayMany("process", 2, random),
  }));
}
