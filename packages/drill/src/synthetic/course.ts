import { findMeasure, type MeasureId } from "@sinetti/practice";

import type { Random } from "./random.ts";

/** One meeting of a treatment. */
export interface Meeting {
  readonly date: string;
  readonly minutes: number;
  readonly attendance: "attended" | "late" | "missed" | "cancelled";
  readonly modality: "in-person" | "video" | "phone";
  /** From 0, well, to 1, as bad as the scales go. */
  readonly severity: number;
}

/** A treatment from its first meeting to its last; `ended` null: it goes on. */
export interface Course {
  readonly meetings: readonly Meeting[];
  readonly ended: string | null;
}

const DAY_MS = 86_400_000;
/** Years back from which treatments begin. */
const YEARS = 9;
const FEW_MEETINGS = 6;
const YEAR_MEETINGS = 48;

const dateOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

/** How many meetings: most treatments are short, a few go on for years. The mean is `mean`. */
function meetingCount(mean: number, random: Random): number {
  const drawn = -Math.log(1 - random.fraction()) * (mean - 2);
  return 2 + Math.min(Math.round(drawn), mean * 6);
}

/** Invents a treatment that fits before `until`. */
export function inventCourse(
  { until, mean, isRecent }: { until: string; mean: number; isRecent: boolean },
  random: Random,
): Course {
  const drawn = meetingCount(mean, random);
  const count = isRecent ? Math.min(Math.max(drawn, FEW_MEETINGS), YEAR_MEETINGS) : drawn;
  const pause = isRecent ? 7 : random.pick([7, 7, 7, 14]);
  const last = Date.parse(until);
  // Whoever looks at it sits on that day, and has its sessions before them.
  const latest = isRecent ? last - DAY_MS : last;
  const goesOn = isRecent || random.chance(0.3);
  // A quarter of the meetings is a day late.
  const span = count * (pause + (isRecent ? 0.25 : 1)) * DAY_MS;
  const back = goesOn ? 0 : random.fraction() * Math.max(0, YEARS * 365 * DAY_MS - span);
  let at = last - back - span;
  const [first, change] = [random.around(0.6, 0.15), random.around(-0.3, 0.2)];
  const meetings = Array.from({ length: count }, (_, index): Meeting => {
    at += (pause + random.pick([0, 0, 0, 1])) * DAY_MS;
    // Most of what changes does so early.
    const progress = 1 - Math.exp((-3 * index) / count);
    const severity = Math.min(1, Math.max(0, first + change * progress + random.around(0, 0.06)));
    return {
      date: dateOf(Math.min(at, latest)),
      minutes: random.pick([45, 45, 45, 60, 90]),
      attendance: random.pick([
        "attended",
        "attended",
        "attended",
        "attended",
        "attended",
        "late",
        "missed",
        "cancelled",
      ]),
      modality: random.pick(["in-person", "in-person", "in-person", "video", "phone"]),
      severity,
    };
  });
  return { meetings, ended: goesOn ? null : (meetings.at(-1)?.date ?? until) };
}

/** Answers to a measure that fit a severity; on WHO-5 more is better. */
export function inventAnswers(id: MeasureId, severity: number, random: Random): number[] {
  const measure = findMeasure(id);
  if (measure === undefined) throw new RangeError(`no measure ${id}`);
  const weight = measure.better === "lower" ? severity : 1 - severity;
  return measure.items.map(({ options = measure.options }, index) => {
    const scores = options.map(({ score }) => score).toSorted((a, b) => a - b);
    // Thoughts of death are rarer than the rest.
    const rare = measure.itemAlerts.some(({ item }) => item === index + 1) ? 0.25 : 1;
    const place = Math.round(random.around(weight * rare, 0.18) * (scores.length - 1));
    return scores[Math.min(scores.length - 1, Math.max(0, place))] ?? 0;
  });
}
