import {
  findMeasure,
  recordMeasure,
  type CareBody,
  type Coding,
  type Diagnosis,
  type MeasureId,
  type NoteContent,
  type SessionNote,
} from "@sinetti/practice";

import { inventAnswers, type Course, type Meeting } from "./course.ts";
import type { Speech } from "./person.ts";
import type { Random } from "./random.ts";
import type { Story } from "./stories/story.ts";
import { diagnosisWords, planWords, riskWords, tellContent } from "./stories/tellRecords.ts";

/** ICD-10 codes that psychotherapy meets, with their words. */
const DIAGNOSES: readonly (readonly [code: string, text: string])[] = [
  ["F32.1", "Moderate depressive episode"],
  ["F33.1", "Recurrent depressive disorder, current episode moderate"],
  ["F34.1", "Dysthymia"],
  ["F40.1", "Social phobias"],
  ["F41.0", "Panic disorder"],
  ["F41.1", "Generalized anxiety disorder"],
  ["F42.2", "Mixed obsessional thoughts and acts"],
  ["F43.1", "Post-traumatic stress disorder"],
  ["F43.2", "Adjustment disorders"],
  ["F50.2", "Bulimia nervosa"],
  ["F51.0", "Nonorganic insomnia"],
  ["F60.31", "Emotionally unstable personality disorder, borderline type"],
  ["Z73.0", "Burn-out"],
];

/** What the records of one patient are invented from. */
export interface Case {
  readonly speech: Speech;
  readonly course: Course;
  /** Member id of the therapist. */
  readonly author: string;
  readonly sex: "female" | "male";
  readonly random: Random;
  /** Where somebody is to read it: a chart that tells one story; none: text that is as hard to compress as prose. */
  readonly story?: Story;
}

/** Author's time of what is written on a day. */
export const writtenOn = (date: string): string => `${date}T15:00:00.000Z`;

const SECTIONS: Readonly<
  Record<string, readonly (readonly [id: string, rule: string, sentences: number])[]>
> = {
  soap: [
    ["subjective", "subjective", 4],
    ["objective", "objective", 2],
    ["assessment", "assessment", 2],
    ["plan", "plan", 2],
  ],
  dap: [
    ["data", "subjective", 5],
    ["assessment", "assessment", 2],
    ["plan", "plan", 2],
  ],
  narrative: [["narrative", "subjective", 7]],
};

function noteText({ speech, random }: Case, rule: string, sentences: number): string {
  const { grammar } = speech;
  const told = grammar.sayMany(rule, sentences, random);
  return `${told} ${grammar.sayMany("aside", Math.ceil(sentences * 1.5), random)}`;
}

/** What is written of a meeting. */
export function inventContent(of: Case, meeting: Meeting): NoteContent {
  const { random, speech, story } = of;
  if (story !== undefined) return tellContent(story, meeting, of.course, random);
  const { date, minutes, attendance, modality } = meeting;
  const session = { date, minutes, attendance, modality, setting: "individual" as const };
  if (attendance === "missed" || attendance === "cancelled") {
    const sections = [
      { id: "circumstances", text: speech.grammar.say("remark", random) },
      { id: "next-step", text: speech.grammar.say("plan", random) },
    ];
    return { template: "missed-session", session, sections, objectives: [] };
  }
  const template = random.pick(["soap", "soap", "dap", "narrative"]);
  const sections = (SECTIONS[template] ?? []).map(([id, rule, sentences]) => ({
    id,
    text: noteText(of, rule, sentences),
  }));
  if (random.chance(0.2)) sections.push({ id: "risk", text: speech.grammar.say("risk", random) });
  return { template, session, sections, objectives: ["o1"] };
}

/** A signed note of a meeting. */
export function inventNote(of: Case, meeting: Meeting): SessionNote {
  const content = inventContent(of, meeting);
  const at = writtenOn(meeting.date);
  return { v: 1, type: "sessionNote", at, author: of.author, status: "signed", ...content };
}

export function inventPlan(of: Case, diagnoses: readonly Coding[]): CareBody {
  const { course, story } = of;
  const [first] = course.meetings;
  const start = first?.date ?? "";
  return {
    v: 1,
    type: "plan",
    at: writtenOn(start),
    status: course.ended === null ? "active" : "completed",
    start,
    diagnoses: [...diagnoses],
    ...(story === undefined ? inventPlanWords(of) : planWords(story)),
    agreement: { agreed: true, on: start },
  };
}

function inventPlanWords({ speech, random }: Case): ReturnType<typeof planWords> {
  const say = (rule: string): string => speech.grammar.say(rule, random);
  return {
    problem: say("problem"),
    strengths: say("strength"),
    longTermGoals: [say("goal")],
    objectives: ["o1", "o2"].map((id) => ({
      id,
      text: say("goal"),
      target: say("target"),
      status: "active",
    })),
    interventions: [{ text: say("technique"), status: "active" }],
  };
}

/** One or two diagnoses. */
export function inventDiagnoses({ course, random, story }: Case): Diagnosis[] {
  const at = course.meetings[Math.min(2, course.meetings.length - 1)]?.date ?? "";
  const count = random.chance(0.3) ? 2 : 1;
  const drawn = new Map(Array.from({ length: count }, () => random.pick(DIAGNOSES)));
  const system = "http://hl7.org/fhir/sid/icd-10";
  const codes =
    story === undefined
      ? [...drawn].map(([code, text]) => ({ system, code, text }))
      : [diagnosisWords(story)];
  return codes.map((code, index) => ({
    v: 1,
    type: "diagnosis",
    at: writtenOn(at),
    code,
    classification: "icd-10",
    rank: index === 0 ? "main" : "other",
    status: "active",
    certainty: "confirmed",
    from: at,
  }));
}

/** Measures at every fourth meeting: mood and worry always, one more that is this patient's. */
export function inventMeasures({ course, sex, random }: Case): CareBody[] {
  const more = random.pick<MeasureId>(["who-5", "pcl-5", "audit-c"]);
  const ids: MeasureId[] = ["phq-9", "gad-7", more];
  return course.meetings
    .filter((_, index) => index % 4 === 0)
    .flatMap(({ date, severity }) =>
      ids.map((id) => {
        const measure = findMeasure(id);
        if (measure === undefined) throw new RangeError(`no measure ${id}`);
        const answers = inventAnswers(id, severity, random);
        return recordMeasure(measure, answers, { at: writtenOn(date), date, sex });
      }),
    );
}

/** What comes at the end of a treatment, and letters on the way. */
export function inventPapers(of: Case): CareBody[] {
  const { speech, course, random, story } = of;
  const say = (rule: string): string => speech.grammar.say(rule, random);
  const middle = course.meetings[Math.floor(course.meetings.length / 2)]?.date ?? "";
  const papers: CareBody[] = [];
  if (random.chance(0.3))
    papers.push({
      v: 1,
      type: "letter",
      at: writtenOn(middle),
      title: story?.telling.letterTitle ?? say("documentTitle"),
      to: story?.telling.letterTo ?? say("town"),
      on: middle,
      text: story?.letter() ?? say("letter"),
    });
  if (random.chance(0.1))
    papers.push({
      v: 1,
      type: "riskPlan",
      at: writtenOn(middle),
      level: random.pick(["low", "moderate"]),
      ...(story === undefined
        ? {
            concerns: say("risk"),
            warningSigns: [say("body"), say("thought")],
            copingSteps: [say("technique")],
            peopleAndPlaces: [say("who")],
            professionals: [],
            makingSafe: say("homework"),
          }
        : riskWords(story)),
    });
  if (course.ended !== null)
    papers.push({
      v: 1,
      type: "discharge",
      at: writtenOn(course.ended),
      on: course.ended,
      reason: random.pick(["completed", "completed", "patient-ended", "moved"]),
      summary: noteText(of, "assessment", 4),
    });
  return papers;
}
