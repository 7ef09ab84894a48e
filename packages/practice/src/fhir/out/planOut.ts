import type { Goal, Objective, Plan } from "../../records/plan.ts";
import { withoutUndefined } from "../elements.ts";
import type { OutContext, OutMapper } from "./outMapper.ts";
import { concept, fhirList, fhirText, part, toConcept, toPeriod } from "./parts.ts";
import type { OutResource } from "./vocabulary.ts";

const ACHIEVEMENT = "http://terminology.hl7.org/CodeSystem/goal-achievement";
const LIFECYCLE: Record<Objective["status"], string> = {
  proposed: "proposed",
  active: "active",
  met: "completed",
  "partly-met": "active",
  "not-met": "completed",
  dropped: "cancelled",
};
const ACHIEVED: Partial<Record<Objective["status"], string>> = {
  met: "achieved",
  "partly-met": "improving",
  "not-met": "not-achieved",
};

function goalResource(
  { id, text, status }: { id: string; text: string; status: Objective["status"] },
  { subject }: OutContext,
): OutResource {
  const achieved = ACHIEVED[status];
  return withoutUndefined({
    resourceType: "Goal",
    id,
    lifecycleStatus: LIFECYCLE[status],
    achievementStatus: achieved === undefined ? undefined : concept(ACHIEVEMENT, achieved),
    description: { text: fhirText(text) ?? "–" },
    subject,
  });
}

/** A goal without a plan → Goal. */
export const goalOut: OutMapper<Goal> = ({ id, body }, context) => {
  const { text, status, due, start } = body;
  const resource = withoutUndefined({
    ...goalResource({ id, text, status }, context),
    startDate: start?.length === 10 ? start : undefined,
    target: due === undefined ? undefined : [{ dueDate: due }],
  });
  return [resource];
};

function objectiveOut(objective: Objective, id: string, context: OutContext): OutResource {
  const { text, status, target, targetValue, due, baseline } = objective;
  const measured = [target, targetValue].filter((each) => each !== undefined).join(", ");
  const aim = withoutUndefined({ detailString: fhirText(measured), dueDate: due });
  const from = fhirText(baseline);
  const { detailString: _detail, ...date } = aim;
  const isMeasured = aim.detailString !== undefined;
  return part(
    withoutUndefined({
      ...goalResource({ id, text, status }, context),
      target: isMeasured
        ? [{ ...aim, measure: { text: objective.measure ?? text.slice(0, 200) } }]
        : Object.keys(date).length > 0
          ? [date]
          : undefined,
      note: from === undefined ? undefined : [{ text: `Baseline: ${from}` }],
    }),
  );
}

const ACTIVITY: Record<Plan["interventions"][number]["status"], string> = {
  planned: "not-started",
  active: "in-progress",
  done: "completed",
  stopped: "stopped",
  unknown: "unknown",
};

function activityOut({ text, by, frequency, status }: Plan["interventions"][number]): unknown {
  const performer = fhirText(by);
  return {
    detail: withoutUndefined({
      status: ACTIVITY[status],
      description: fhirText(text),
      performer: performer === undefined ? undefined : [{ display: performer }],
      scheduledString: fhirText(frequency),
    }),
  };
}

/** A treatment plan → CarePlan with a Goal for each goal and objective, and a Condition for each diagnosis that it names. */
export const planOut: OutMapper<Plan> = ({ id, body }, context) => {
  const long = body.longTermGoals.map((text, index) =>
    part(goalResource({ id: `${id}-goal-${index}`, text, status: "active" }, context)),
  );
  const measurable = body.objectives.map((objective, index) =>
    objectiveOut(objective, `${id}-objective-${index}`, context),
  );
  const goals = [...long, ...measurable];
  const conditions = body.diagnoses.map((diagnosis, index) =>
    part({
      resourceType: "Condition",
      id: `${id}-diagnosis-${index}`,
      code: toConcept(diagnosis),
      subject: context.subject,
    }),
  );
  const notes: readonly (readonly [string, string | undefined])[] = [
    ["Strengths", body.strengths],
    ["Discharge criteria", body.dischargeCriteria],
    ["Review on", body.reviewOn],
    ["Agreement", body.agreement && `${body.agreement.agreed} ${body.agreement.on}`],
  ];
  const refer = ({ resourceType, id: of }: OutResource) => ({ reference: `${resourceType}/${of}` });
  const plan = withoutUndefined({
    resourceType: "CarePlan",
    id,
    status: body.status,
    intent: "plan",
    title: fhirText(body.title),
    description: fhirText(body.problem),
    subject: context.subject,
    period: toPeriod(body.start, body.end),
    created: body.at,
    addresses: fhirList(conditions.map(refer)),
    goal: fhirList(goals.map(refer)),
    activity: fhirList(body.interventions.map(activityOut)),
    note: fhirList(
      notes.map(([title, text]) =>
        fhirText(text) === undefined ? undefined : { text: `${title}: ${fhirText(text)}` },
      ),
    ),
  });
  return [plan, ...goals, ...conditions];
};
