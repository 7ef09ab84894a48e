/** Ids and bodies that the tests start from. */
export const ID = "0123456789abcdef0123456789abcdef";
export const OTHER_ID = "fedcba9876543210fedcba9876543210";
export const AT = "2026-03-02T10:00:00+02:00";
export const HASH = "ab".repeat(32);

const session = { date: "2026-03-02", minutes: 45, attendance: "attended", modality: "in-person" };
const source = { sourceType: "fhir-r4", sourceId: "Encounter/1", sha256: HASH, json: "{}" };
const note = {
  template: "soap",
  session,
  sections: [{ id: "plan", text: "Continue." }],
  objectives: ["o1"],
  author: ID,
};
const slot = {
  start: "2026-03-02T14:00",
  zone: "Europe/Helsinki",
  minutes: 45,
  therapist: ID,
  patients: [OTHER_ID],
};
const party = { name: "Praxis Oy", lines: ["Katu 1"], postalCode: "00100", city: "Helsinki" };
const paper = {
  number: 1,
  issuedOn: "2026-03-02",
  seller: party,
  buyer: party,
  currency: "EUR",
  lines: [
    {
      description: "Psychotherapy, 45 min",
      quantityHundredths: 100,
      unitCents: 9000,
      taxBasisPoints: 0,
    },
  ],
};

const of = (type: string, fields: object) => ({ v: 1, type, at: AT, ...fields });
const put = (key: string, value: object) => ({ v: 1, at: AT, op: "put", key, value });

/** At least one valid body of every type in every compartment. */
export const VALID: Record<string, object[]> = {
  identity: [
    of("person", {
      name: { given: ["Aino"], family: "Esimerkki" },
      formerNames: [],
      otherCodes: [],
      addresses: [],
      phones: [{ value: "040 123 4567" }],
      emails: [],
      personalCode: { country: "FI", value: "131052-308T" },
      safeContact: { post: "unsafe", phone: "safe", email: "unknown" },
    }),
    of("codeChange", {
      old: { country: "FI", value: "131052-308T" },
      on: "2026-01-01",
      reason: "corrected",
    }),
    of("contact", {
      roles: ["guardian"],
      name: { given: [], text: "Anna" },
      phones: [],
      emails: [],
      addresses: [],
    }),
    of("links", { care: OTHER_ID, office: ID }),
    of("retraction", { entry: ID, reason: "wrong patient" }),
    of("sourceDocument", {
      sourceType: "csv",
      sourceId: "patients.csv",
      sha256: HASH,
      documents: [
        { sourceId: "row/1", kind: "row", encoding: "text", sha256: HASH, content: "a;b" },
      ],
    }),
  ],
  office: [
    of("payer", {
      payer: "kela",
      decision: "K-1",
      validFrom: "2026-01-01",
      validTo: "2026-12-31",
      sessionsGranted: 80,
      sessionsUsedBefore: 0,
      shareCents: 5760,
      warnSessionsLeft: 5,
      warnDaysLeft: 30,
    }),
    of("billingAddress", { name: "Aino Esimerkki", lines: ["Katu 1"] }),
    of("attendance", {
      start: "2026-03-02T14:00",
      zone: "Europe/Helsinki",
      minutes: 45,
      outcome: "attended",
    }),
    of("links", { identity: ID }),
  ],
  schedule: [
    put("a/1", { kind: "appointment", ...slot, status: "booked" }),
    put("s/1", { kind: "series", ...slot, every: "week", until: "2026-06-01" }),
    put("x/1", {
      kind: "exception",
      series: "s/1",
      on: "2026-03-09",
      change: { is: "cancelled", late: false },
    }),
    { v: 1, at: AT, op: "remove", key: "a/1" },
    { v: 1, at: AT, op: "snapshot", values: [] },
  ],
  ledger: [
    put("document/000001", {
      kind: "invoice",
      ...paper,
      dueOn: "2026-03-16",
      iban: "FI21 1234 5600 0007 85",
      reference: "1234561",
    }),
    put("document/000002", { kind: "receipt", ...paper, number: 2, method: "card" }),
    put("document/000003", {
      kind: "creditNote",
      ...paper,
      number: 3,
      credits: 1,
      reason: "cancelled in time",
    }),
    put("payment/1", { kind: "payment", pays: 1, receivedOn: "2026-03-10", cents: 9000 }),
  ],
  care: [
    of("opening", { purpose: "crisis", reason: "Called at night.", author: ID }),
    of("sessionNote", { ...note, status: "signed" }),
    of("noteAmendment", { ...note, amends: ID, reason: "wrong length" }),
    of("countersignature", { signs: ID, supervisor: OTHER_ID }),
    of("plan", {
      status: "active",
      diagnoses: [],
      longTermGoals: ["Back to work"],
      objectives: [{ id: "o1", text: "PHQ-9 under 10", status: "active", targetValue: "9.5" }],
      interventions: [],
    }),
    of("goal", { text: "Sleep", status: "active" }),
    of("diagnosis", {
      code: { system: "ICD-10", code: "F32.1", text: "Moderate depressive episode" },
      classification: "icd-10",
      status: "active",
      certainty: "confirmed",
    }),
    of("measure", { measure: "phq-9", date: "2026-03-02", total: 9, band: "mild", alerts: [] }),
    of("riskPlan", {
      level: "low",
      concerns: "",
      warningSigns: [],
      copingSteps: [],
      peopleAndPlaces: [],
      professionals: [],
      makingSafe: "",
    }),
    of("document", { title: "Referral", text: "…" }),
    of("letter", { title: "Statement", to: "Kela", on: "2026-03-02", text: "…" }),
    of("discharge", { on: "2026-03-02", reason: "completed", summary: "…" }),
    of("careRelationship", { status: "active", kinds: [], therapist: ID }),
    of("encounter", { status: "finished", kinds: [], participants: [], reasons: [], source }),
    of("observations", {
      observations: [{ code: { text: "Height" }, status: "final", components: [], source }],
    }),
    of("procedure", { status: "completed", code: { text: "CBT" }, source }),
    of("communication", { status: "completed", recipients: [], parts: ["Hello"], source }),
    of("consent", { status: "active", kinds: [], source }),
    of("questionnaireAnswers", { status: "completed", answers: [], source }),
    of("links", { identity: ID }),
    of("retraction", { entry: ID, reason: "wrong patient" }),
    of("sourceDocument", {
      sourceType: "fhir-r4",
      sourceId: "Claim/kept-1",
      sha256: HASH,
      documents: [
        { sourceId: "Claim/1", kind: "Claim", encoding: "json", sha256: HASH, content: "{}" },
      ],
    }),
  ],
  portal: [
    of("message", { author: { is: "patient" }, text: "Hello", attachments: [] }),
    of("formSent", { title: "PHQ-9", measure: "phq-9", questions: [] }),
    of("formAnswered", {
      form: ID,
      answers: [],
      measure: { measure: "phq-9", answers: [0, 1, 2] },
    }),
    of("released", { title: "Plan", kind: "plan", entry: ID }),
    of("consent", { scope: "portal", given: true, on: "2026-03-02", wording: "I agree." }),
    of("links", { identity: ID }),
  ],
  process: [
    of("processNote", { text: "…" }),
    of("groupNote", { sessionDate: "2026-03-02", text: "…" }),
    of("links", { identity: ID }),
    of("retraction", { entry: ID, reason: "…" }),
  ],
  roster: [
    put(ID, {
      patient: ID,
      name: "Aino Esimerkki",
      files: { identity: ID },
      unfinishedNotes: [{ sessionDate: "2026-03-02" }],
      lastMeasures: [
        { measure: "phq-9", date: "2026-03-02", total: 9, band: "mild", alerts: ["self-harm"] },
      ],
      nextAppointment: AT,
    }),
  ],
  directory: [
    put("practice", { kind: "practice", name: "Praxis", importKey: "ab".repeat(32) }),
    put(`member/${ID}`, { kind: "member", id: ID, name: "Tove", roles: ["therapist"] }),
    put(`site/${ID}`, { kind: "site", id: ID, name: "Töölö", lookupKey: HASH }),
    put("template/own", {
      kind: "template",
      template: {
        id: "own",
        v: 1,
        label: { en: "Own", fi: "Oma" },
        needsSession: true,
        sections: [
          {
            id: "text",
            label: { en: "Text", fi: "Teksti" },
            required: true,
            carryForward: false,
          },
        ],
      },
    }),
  ],
};
