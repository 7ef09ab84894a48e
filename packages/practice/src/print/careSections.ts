import type { Block } from "@sinetti/paper";
import { findMeasure } from "../measures/measures.ts";
import type { CareBody } from "../records/care.ts";
import type { Plan } from "../records/plan.ts";
import { codingText } from "../records/codingText.ts";
import { fields, prose, section, titled, titledList, type Printing } from "./printing.ts";

type Of<T extends CareBody["type"]> = { entry: string; body: Extract<CareBody, { type: T }> };

function isOf<T extends CareBody["type"]>(
  body: CareBody,
  type: T,
): body is Extract<CareBody, { type: T }> {
  return body.type === type;
}

/** The care entries of a type that hold, in order: not taken back, not replaced. */
export function liveCare<T extends CareBody["type"]>(
  { record }: Pick<Printing, "record">,
  type: T,
): Of<T>[] {
  const care = record.entries.filter((each) => each.compartment === "care");
  const gone = new Set(
    care.flatMap(({ body }) =>
      body.type === "retraction"
        ? [body.entry]
        : "replaces" in body && body.replaces !== undefined
          ? [body.replaces]
          : [],
    ),
  );
  return care.flatMap(({ entry, body }) =>
    isOf(body, type) && !gone.has(entry) ? [{ entry, body }] : [],
  );
}

/** Who is responsible from when until when. */
export function relationshipSection(printing: Printing): Block[] {
  const { word, say, date, member } = printing;
  const rows = liveCare(printing, "careRelationship").map(({ body }) => {
    const { therapist, therapistName, status, from, until, kinds } = body;
    const who = therapist === undefined ? (therapistName ?? "–") : member(therapist);
    const kind = kinds.map(codingText).join(", ");
    return [
      from === undefined ? "–" : date(from),
      until === undefined ? "" : date(until),
      kind === "" ? who : `${who}: ${kind}`,
      say(status),
    ];
  });
  if (rows.length === 0) return [];
  const head = [word("from"), word("until"), word("therapist"), word("status")];
  return section(word("care"), [{ type: "table", head, rows, widths: [18, 18, 44, 20] }]);
}

/** Codes, words, state and dates. */
export function diagnosisSection(printing: Printing): Block[] {
  const { word, say, date } = printing;
  const rows = liveCare(printing, "diagnosis").map(({ body }) => [
    codingText(body.code),
    [say(body.status), body.certainty === "confirmed" ? "" : say(body.certainty)]
      .filter(Boolean)
      .join(", "),
    body.from === undefined ? "" : date(body.from),
    body.until === undefined ? "" : date(body.until),
  ]);
  if (rows.length === 0) return [];
  const head = [word("diagnosis"), word("status"), word("from"), word("until")];
  return section(word("diagnoses"), [{ type: "table", head, rows, widths: [48, 20, 16, 16] }]);
}

function planBlocks(plan: Plan, { word, say, date }: Printing): Block[] {
  const { start, end, agreement, reviewOn } = plan;
  const objectives = plan.objectives.map(({ text, baseline, target, due, status }) => {
    const aim = [
      baseline && `${word("baseline")} ${baseline}`,
      target && `${word("target")} ${target}`,
      due && `${word("due")} ${date(due)}`,
      say(status),
    ];
    return `${text} (${aim.filter(Boolean).join(", ")})`;
  });
  const interventions = plan.interventions.map(({ text, by, frequency, status }) => {
    const how = [by, frequency, status === "unknown" ? "" : say(status)].filter(Boolean).join(", ");
    return how === "" ? text : `${text} (${how})`;
  });
  return [
    ...(plan.title === undefined
      ? []
      : [{ type: "heading" as const, level: 3 as const, text: plan.title }]),
    ...fields([
      [word("status"), say(plan.status)],
      [word("from"), start && date(start)],
      [word("until"), end && date(end)],
      [word("reviewOn"), reviewOn && date(reviewOn)],
      [
        word("agreement"),
        agreement &&
          [agreement.agreed ? word("yes") : word("no"), date(agreement.on), agreement.remark]
            .filter(Boolean)
            .join(", "),
      ],
      [word("diagnoses"), plan.diagnoses.map(codingText).join(", ")],
    ]),
    ...titled(word("problem"), plan.problem),
    ...titled(word("strengths"), plan.strengths),
    ...titledList(word("longTermGoals"), plan.longTermGoals),
    ...titledList(word("objectives"), objectives),
    ...titledList(word("interventions"), interventions),
    ...titled(word("dischargeCriteria"), plan.dischargeCriteria),
  ];
}

/** Plans that hold, and goals without a plan. */
export function planSection(printing: Printing): Block[] {
  const { word, say, date } = printing;
  const plans = liveCare(printing, "plan").flatMap(({ body }) => planBlocks(body, printing));
  const goals = liveCare(printing, "goal").map(({ body }) => {
    const due = body.due === undefined ? "" : `, ${word("due")} ${date(body.due)}`;
    return `${body.text} (${say(body.status)}${due})`;
  });
  return section(word("plan"), [...plans, ...titledList(word("goal"), goals)]);
}

/** The risk assessments that hold. */
export function riskSection(printing: Printing): Block[] {
  const { word, say, date } = printing;
  const blocks = liveCare(printing, "riskPlan").flatMap(({ body }): Block[] => [
    ...fields([
      [word("level"), `${say(body.level)}, ${date(body.at.slice(0, 10))}`],
      [word("reviewOn"), body.reviewOn && date(body.reviewOn)],
    ]),
    ...titled(word("concerns"), body.concerns),
    ...titledList(word("warningSigns"), body.warningSigns),
    ...titledList(word("copingSteps"), body.copingSteps),
    ...titledList(word("peopleAndPlaces"), body.peopleAndPlaces),
    ...titledList(word("professionals"), body.professionals),
    ...titled(word("makingSafe"), body.makingSafe),
    ...titled(word("reasonsForLiving"), body.reasonsForLiving),
  ]);
  return section(word("risk"), blocks);
}

/** Every administration with its score, band and alerts, oldest first. */
export function measureSection(printing: Printing): Block[] {
  const { word, say, date } = printing;
  const taken = liveCare(printing, "measure").sort((a, b) => (a.body.date < b.body.date ? -1 : 1));
  if (taken.length === 0) return [];
  const rows = taken.map(({ body }) => [
    date(body.date),
    findMeasure(body.measure)?.name ?? body.measure,
    String(body.total),
    say(body.band),
    body.alerts.map(say).join(", "),
  ]);
  const head = [word("when"), word("measure"), word("score"), word("band"), word("alerts")];
  const widths = [18, 16, 12, 26, 28];
  return section(word("measures"), [{ type: "table", head, rows, widths, numeric: [2] }]);
}

/** How the treatment ended. */
export function dischargeSection(printing: Printing): Block[] {
  const { word, say, date } = printing;
  const blocks = liveCare(printing, "discharge").flatMap(({ body }): Block[] => [
    ...fields([
      [word("when"), date(body.on)],
      [word("reason"), say(body.reason)],
      [word("referredTo"), body.referredTo],
    ]),
    ...prose(body.summary),
    ...titled(word("recommendations"), body.recommendations),
  ]);
  return section(word("discharge"), blocks);
}
