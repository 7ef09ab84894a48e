import type { Resource } from "@medplum/fhirtypes";
import { describe, expect, it } from "vitest";
import { SUBJECT, map } from "./bundles.ts";

const careOf = (...resources: Resource[]) => map(...resources).care.map(({ body }) => body);
const one = (resource: Resource, ...others: Resource[]) =>
  map(...others, resource).care.find(
    ({ sourceId }) => sourceId === `${resource.resourceType}/${resource.id}`,
  )?.body;

const practitioner: Resource = {
  resourceType: "Practitioner",
  id: "t1",
  name: [{ given: ["Tove"], family: "Terapeutti" }],
};
const encounter = {
  resourceType: "Encounter",
  id: "e1",
  status: "finished",
  class: { code: "AMB" },
  subject: SUBJECT,
  type: [
    {
      coding: [
        { system: "http://snomed.info/sct", code: "390906007", display: "Follow-up encounter" },
      ],
    },
  ],
  participant: [{ individual: { reference: "Practitioner/t1" } }],
  period: { start: "2026-02-02T14:00:00+02:00", end: "2026-02-02T14:45:00+02:00" },
} satisfies Resource;

describe("Encounter becomes a contact with care", () => {
  it("with its length in minutes and the names of those who took part", () => {
    expect(one(encounter, practitioner)).toMatchObject({
      type: "encounter",
      at: "2026-02-02T14:00:00+02:00",
      minutes: 45,
      participants: ["Tove Terapeutti"],
      kinds: [{ system: "http://snomed.info/sct", code: "390906007", text: "Follow-up encounter" }],
    });
  });
  it("without a length when only the day is known, or the end comes first", () => {
    expect(one({ ...encounter, period: { start: "2026-02" } })).toMatchObject({
      on: "2026-02",
      at: "2026-02-01T00:00:00Z",
    });
    expect(one({ ...encounter, period: { start: "2026-02" } })).not.toHaveProperty("minutes");
    const backwards = { start: encounter.period.end, end: encounter.period.start };
    expect(one({ ...encounter, period: backwards })).not.toHaveProperty("minutes");
  });
});

const condition = {
  resourceType: "Condition",
  id: "d1",
  subject: SUBJECT,
  code: {
    coding: [
      { system: "http://snomed.info/sct", code: "370143000" },
      { system: "http://hl7.org/fhir/sid/icd-10", code: "F32.1" },
    ],
    text: "Moderate depressive episode",
  },
  clinicalStatus: { coding: [{ code: "active" }] },
  verificationStatus: { coding: [{ code: "confirmed" }] },
  onsetDateTime: "2025",
} satisfies Resource;

describe("Condition becomes a diagnosis", () => {
  it("by its ICD code where there is one", () => {
    expect(one(condition)).toMatchObject({
      type: "diagnosis",
      classification: "icd-10",
      code: { code: "F32.1", text: "Moderate depressive episode" },
      status: "active",
      certainty: "confirmed",
      from: "2025",
      at: "2025-01-01T00:00:00Z",
    });
  });
  it("with unknown states where none are given", () => {
    const { clinicalStatus: _c, verificationStatus: _v, ...bare } = condition;
    expect(one(bare)).toMatchObject({ status: "unknown", certainty: "unknown" });
  });
  it("not at all without a code: it is kept", () => {
    const mapped = map({ ...condition, code: {} });
    expect(mapped.byType["Condition"]).toEqual({ mapped: 0, kept: 1 });
  });
});

describe("CarePlan and Goal become plan and goal", () => {
  const goal: Resource = {
    resourceType: "Goal",
    id: "g1",
    subject: SUBJECT,
    lifecycleStatus: "active",
    description: { text: "Sleep through the night" },
  };
  const plan: Resource = {
    resourceType: "CarePlan",
    id: "c1",
    status: "active",
    intent: "plan",
    subject: SUBJECT,
    title: "Therapy",
    addresses: [{ reference: "Condition/d1" }],
    goal: [{ reference: "Goal/g1" }],
    activity: [
      {
        detail: {
          status: "in-progress",
          code: { text: "Cognitive therapy" },
          performer: [{ reference: "Practitioner/t1" }],
        },
      },
      { detail: { status: "completed", description: "Sleep diary" } },
      { detail: { status: "unknown" } },
    ],
  };
  it("with the diagnoses and goals that the plan names", () => {
    expect(one(plan, condition, goal, practitioner)).toMatchObject({
      type: "plan",
      title: "Therapy",
      status: "active",
      longTermGoals: ["Sleep through the night"],
      diagnoses: [{ text: "Moderate depressive episode" }],
      interventions: [
        { text: "Cognitive therapy", by: "Tove Terapeutti", status: "active" },
        { text: "Sleep diary", status: "done" },
      ],
    });
  });
  it.each([
    ["proposed", undefined, "proposed"],
    ["active", undefined, "active"],
    ["active", "achieved", "met"],
    ["active", "not-achieved", "not-met"],
    ["cancelled", undefined, "dropped"],
    ["completed", undefined, "met"],
  ] as const)("a goal %s and %s as %s", (lifecycleStatus, achievement, status) => {
    const achievementStatus = achievement && {
      achievementStatus: { coding: [{ code: achievement }] },
    };
    expect(one({ ...goal, lifecycleStatus, ...achievementStatus })).toMatchObject({
      type: "goal",
      status,
    });
  });
});

describe("other contacts with care become", () => {
  it("a procedure, with the encounter it belongs to", () => {
    const procedure: Resource = {
      resourceType: "Procedure",
      id: "x1",
      status: "completed",
      subject: SUBJECT,
      code: { text: "Cognitive and behavioral therapy" },
      encounter: { reference: "Encounter/e1" },
      performedDateTime: "2026-02-02",
    };
    expect(one(procedure, encounter)).toMatchObject({
      type: "procedure",
      code: { text: "Cognitive and behavioral therapy" },
      encounter: "Encounter/e1",
      on: "2026-02-02",
    });
  });
  it("a care relationship", () => {
    const episode: Resource = {
      resourceType: "EpisodeOfCare",
      id: "k1",
      status: "finished",
      patient: SUBJECT,
      period: { start: "2024-01-01", end: "2025-01-01" },
      careManager: { reference: "Practitioner/t1" },
    };
    expect(one(episode, practitioner)).toMatchObject({
      type: "careRelationship",
      status: "ended",
      from: "2024-01-01",
      until: "2025-01-01",
      therapistName: "Tove Terapeutti",
    });
  });
  it("a communication and a consent", () => {
    const message: Resource = {
      resourceType: "Communication",
      id: "m1",
      status: "completed",
      subject: SUBJECT,
      sent: "2026-01-01T10:00:00Z",
      sender: { display: "Aino" },
      payload: [{ contentString: "Can we move Tuesday?" }],
    };
    const consent: Resource = {
      resourceType: "Consent",
      id: "o1",
      status: "active",
      patient: SUBJECT,
      scope: { coding: [{ code: "patient-privacy" }] },
      category: [{ text: "Release" }],
      dateTime: "2026-01-01",
      provision: { type: "permit" },
    };
    expect(careOf(message, consent)).toMatchObject([
      { type: "communication", sender: "Aino", parts: ["Can we move Tuesday?"] },
      { type: "consent", scope: { code: "patient-privacy" }, decision: "permit", on: "2026-01-01" },
    ]);
  });
});

describe("what was entered in error", () => {
  it("is kept and named, never mapped", () => {
    const mapped = map({ ...encounter, status: "entered-in-error" });
    expect(mapped.care).toEqual([]);
    expect(mapped.byType["Encounter"]).toEqual({ mapped: 0, kept: 1 });
    expect(mapped.warnings).toEqual([
      { code: "entered-in-error", resourceIndex: 1, field: "status" },
    ]);
  });
  it("also where the type says so in a field of its own", () => {
    const goal: Resource = {
      resourceType: "Goal",
      id: "g1",
      subject: SUBJECT,
      lifecycleStatus: "entered-in-error",
      description: { text: "x" },
    };
    const wrong = { coding: [{ code: "entered-in-error" }] };
    const mapped = map(goal, { ...condition, verificationStatus: wrong });
    expect([mapped.care, mapped.byType["Goal"], mapped.byType["Condition"]]).toEqual([
      [],
      { mapped: 0, kept: 1 },
      { mapped: 0, kept: 1 },
    ]);
    expect(mapped.warnings.map(({ field }) => field)).toEqual([
      "lifecycleStatus",
      "verificationStatus",
    ]);
  });
  it("also among observations", () => {
    const wrong: Resource = {
      resourceType: "Observation",
      id: "o1",
      status: "entered-in-error",
      subject: SUBJECT,
      code: { text: "x" },
    };
    expect(map(wrong).byType["Observation"]).toEqual({ mapped: 0, kept: 1 });
  });
});
