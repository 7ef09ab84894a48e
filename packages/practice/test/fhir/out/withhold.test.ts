import { describe, expect, it } from "vitest";
import { mapBundle, recordToBundle, withheldMark, withholdPassages } from "../../../src/index.ts";
import type { WithholdWish } from "../../../src/index.ts";
import { AT, ID, VALID } from "../../records/bodies.ts";
import { OPTIONS, PATIENT, sha256 } from "../bundles.ts";
import { EVERY_TYPE, entryOf, recordOf } from "./exported.ts";

const SECRET = "what the brother said in confidence about his own illness";
const person = EVERY_TYPE.slice(0, 1);
const noteBody = VALID["care"]?.find((body) => "type" in body && body.type === "sessionNote");
const note = entryOf("care", {
  ...noteBody,
  sections: [
    { id: "subjective", text: SECRET },
    { id: "plan", text: "Continue." },
  ],
});
const wish = (more: Partial<WithholdWish>): WithholdWish => ({
  entry: note.entry,
  code: "third-person",
  reason: "about the brother",
  ...more,
});
const withhold = (entries: Parameters<typeof recordOf>[0], ...wishes: WithholdWish[]) =>
  withholdPassages(recordOf(entries), wishes, { mark: (each) => withheldMark(each, "en") });
const problem = (result: ReturnType<typeof withhold>) =>
  result.ok ? undefined : result.reason[0]?.problem;

describe("withholding is refused", () => {
  it("for an entry or a field that is not there, and for what is no passage", () => {
    const entries = [...person, note];
    expect(problem(withhold(entries, wish({ entry: ID })))).toBe("unknown-entry");
    for (const field of ["nothing", "sections.9", "sections.nothing", "sections.0.text.more", ""])
      expect(problem(withhold(entries, wish({ field })))).toBe("unknown-field");
    for (const field of ["session", "author", "session.minutes", "template.x", "status"])
      expect(problem(withhold(entries, wish({ field })))).not.toBeUndefined();
  });

  it("while the same passage still stands in another entry, also inside an original", () => {
    const copy = entryOf("portal", {
      v: 1,
      type: "released",
      at: AT,
      title: "t",
      kind: "note",
      text: `It says: ${SECRET}.`,
    });
    const inside = { resourceType: "Basic", id: "b", text: { div: `<div>${SECRET}</div>` } };
    const kept = entryOf("care", {
      v: 1,
      type: "sourceDocument",
      at: AT,
      sourceType: "fhir-r4",
      sourceId: "Basic/kept",
      sha256: sha256(""),
      documents: [
        {
          sourceId: "Basic/b",
          kind: "Basic",
          encoding: "json",
          sha256: sha256(""),
          content: JSON.stringify(inside),
        },
      ],
    });
    for (const other of [copy, kept]) {
      const result = withhold([...person, note, other], wish({ field: "sections.subjective" }));
      expect(result).toMatchObject({
        ok: false,
        reason: [{ problem: "stands-elsewhere", entry: other.entry }],
      });
      expect(problem(withhold([...person, note, other], wish({})))).toBe("stands-elsewhere");
    }
  });
});

describe("a withheld passage", () => {
  it.each(["sections.subjective", "sections.0", "sections.0.text"])(
    "leaves a mark with its reason at %s, and nothing of itself in the bundle",
    (field) => {
      const result = withhold([...person, note], wish({ field }));
      if (!result.ok) throw new TypeError("refused");
      const bundle = JSON.stringify(recordToBundle(result.value, { sha256 }));
      expect(bundle).not.toContain(SECRET.slice(0, 20));
      expect(bundle).toContain("Withheld: about a third person. about the brother");
      expect(bundle).toContain("urn:sinetti:fhir:withheld");
      expect(bundle).toContain("Continue.");
    },
  );

  it("that is a whole entry leaves a marked resource in its place", () => {
    const result = withhold([...person, note], wish({}));
    if (!result.ok) throw new TypeError("refused");
    const bundle = recordToBundle(result.value, { sha256 });
    const text = JSON.stringify(bundle);
    expect(text).not.toContain("Continue.");
    const mark = bundle.entry.find(({ resource }) => resource.id === note.entry)?.resource;
    expect(mark).toMatchObject({ resourceType: "Basic", code: { text: "Withheld: third-person" } });
  });

  it("of a record from elsewhere takes the original along, wherever it was kept", () => {
    const bundle = {
      resourceType: "Bundle",
      type: "collection",
      entry: [
        { resource: PATIENT },
        {
          resource: {
            resourceType: "Communication",
            id: "m1",
            status: "completed",
            subject: { reference: "Patient/p1" },
            payload: [{ contentString: SECRET }],
          },
        },
        {
          resource: {
            resourceType: "Appointment",
            id: "a1",
            status: "booked",
            start: AT,
            description: SECRET,
            participant: [{ actor: { reference: "Patient/p1" } }],
          },
        },
      ],
    };
    const mapped = mapBundle(bundle, OPTIONS);
    const of = (compartment: "identity" | "care" | "office", drafts: readonly { body: object }[]) =>
      drafts.map(({ body }) => entryOf(compartment, body));
    const entries = [
      ...of("identity", mapped.identity),
      ...of("care", [...mapped.care, ...mapped.kept]),
      ...of("office", mapped.office),
    ];
    const message = entries.find(({ body }) => body.type === "communication");
    const visit = entries.find(({ body }) => body.type === "attendance");
    const result = withhold(
      entries,
      wish({ entry: message?.entry ?? "", field: "parts.0" }),
      wish({ entry: visit?.entry ?? "" }),
    );
    if (!result.ok) throw new TypeError(result.reason[0]?.problem);
    expect(JSON.stringify(result.value.entries)).not.toContain(SECRET);
    const text = JSON.stringify(recordToBundle(result.value, { sha256 }));
    expect(text).not.toContain(SECRET);
    expect(text).toContain('"Communication"');
  });

  it("of a contact takes the Patient's original along, which says the same", () => {
    const bundle = { resourceType: "Bundle", type: "collection", entry: [{ resource: PATIENT }] };
    const entries = mapBundle(bundle, OPTIONS).identity.map(({ body }) =>
      entryOf("identity", body),
    );
    const contact = entries.find(({ body }) => body.type === "contact");
    const result = withhold(entries, wish({ entry: contact?.entry ?? "" }));
    if (!result.ok) throw new TypeError("refused");
    const text = JSON.stringify(recordToBundle(result.value, { sha256 }));
    expect(text).not.toContain("Väinö");
    expect(text).toContain("Kyllikki");
  });
});

it("is refused while an invoice still says the same", () => {
  const value = VALID["ledger"]?.flatMap((body) => ("value" in body ? [body.value] : []))[0];
  const invoice = {
    file: ID,
    key: "document/000001",
    value: { ...(value as object), remark: SECRET },
  };
  const record = recordOf([...person, note], { invoices: [invoice as never] });
  const wishes = [wish({ field: "sections.subjective" })];
  const result = withholdPassages(record, wishes, { mark: (each) => withheldMark(each, "en") });
  expect(result).toMatchObject({ reason: [{ problem: "stands-elsewhere", entry: invoice.key }] });
});
