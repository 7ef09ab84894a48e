import type { CareBody, Diagnosis, NoteContent, SessionNote } from "@sinetti/practice";

import type { Course, Meeting } from "../course.ts";
import type { Random } from "../random.ts";
import { phaseOf, type Story } from "./story.ts";

type PlanWords = Pick<
  Extract<CareBody, { type: "plan" }>,
  "problem" | "strengths" | "longTermGoals" | "objectives" | "interventions"
>;
type RiskWords = Omit<Extract<CareBody, { type: "riskPlan" }>, "v" | "type" | "at" | "level">;

/** What a note says of a meeting of a story. */
export function tellContent(
  story: Story,
  meeting: Meeting,
  { meetings }: Course,
  random: Random,
): NoteContent {
  const { date, minutes, attendance, modality } = meeting;
  const session: SessionNote["session"] = {
    date,
    minutes,
    attendance,
    modality,
    setting: "individual",
  };
  const { telling } = story;
  if (attendance === "missed" || attendance === "cancelled") {
    const sections = [
      { id: "circumstances", text: story.say(telling.missed) },
      { id: "next-step", text: story.say(telling.missedNext) },
    ];
    return { template: "missed-session", session, sections, objectives: [] };
  }
  const template = random.pick(["soap", "soap", "dap", "narrative"] as const);
  const sections = story.sections(template, phaseOf(meetings.indexOf(meeting), meeting));
  if (random.chance(0.2)) sections.push({ id: "risk", text: story.say(telling.risk) });
  const objectives = random.pick([["o1"], ["o1", "o2"], ["o2"]]);
  return { template, session, sections, objectives };
}

/** What the plan of a story says. */
export function planWords({ tale }: Story): PlanWords {
  const { problem, strengths, longTermGoal, objectives, intervention } = tale;
  return {
    problem,
    strengths,
    longTermGoals: [longTermGoal],
    objectives: objectives.map(([text, target], index) => ({
      id: `o${index + 1}`,
      text,
      target,
      status: "active",
    })),
    interventions: [{ text: intervention, status: "active" }],
  };
}

/** What is diagnosed in a story. */
export function diagnosisWords({ tale }: Story): Diagnosis["code"] {
  const [code, text] = tale.diagnosis;
  return { system: "http://hl7.org/fhir/sid/icd-10", code, text };
}

/** What the safety plan of a story says. */
export function riskWords(story: Story): RiskWords {
  const { warningSigns, coping, people, makingSafe, risk } = story.telling;
  return {
    concerns: story.say(risk),
    warningSigns: [...warningSigns],
    copingSteps: [coping],
    peopleAndPlaces: [people],
    professionals: [],
    makingSafe,
  };
}
