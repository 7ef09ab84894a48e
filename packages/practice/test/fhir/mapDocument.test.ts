import type { Resource } from "@medplum/fhirtypes";
import { describe, expect, it } from "vitest";
import { base64ToText, narrativeToText } from "../../src/fhir/embeddedText.ts";
import { SUBJECT, map } from "./bundles.ts";

const base64 = (text: string) => Buffer.from(text, "utf8").toString("base64");
const bodyOf = (resource: Resource) => map(resource).care[0]?.body;

describe("base64ToText", () => {
  it.each(["A", "A===", "$$$$", "/w==", "wyg=", "a-_b"])("refuses %s", (data) => {
    expect(base64ToText(data)).toBeUndefined();
  });
  it.each(["", "a", "ab", "abc", "Päiväkirja 😀", "é".repeat(1000)])("reads %s", (text) => {
    expect(base64ToText(base64(text))).toBe(text);
    expect(
      base64ToText(
        base64(text)
          .replace(/=+$/, "")
          .replace(/(.{10})/g, "$1\n"),
      ),
    ).toBe(text);
  });
});

describe("narrativeToText", () => {
  it("gives words without marks and entities", () => {
    expect(
      narrativeToText(
        '<div xmlns="http://www.w3.org/1999/xhtml"><b><p>One &amp; two</p>Three<br/>four&#8230; &lt;b&gt;</div>',
      ),
    ).toBe("One & two\nThree\nfour… <b>");
  });
  it("takes time in proportion to a hostile text", () => {
    for (const part of ["<", "</p", "<p ", "&#", "\n "]) narrativeToText(part.repeat(300_000));
    expect(narrativeToText("<".repeat(300_000))).toHaveLength(300_000);
  });
  it("leaves alone an entity that names no character", () => {
    expect(narrativeToText("&#0; &#x110000; &nothing;")).toBe("&#0; &#x110000; &nothing;");
  });
});

describe("documents", () => {
  it("a report with its conclusion and the names of its results", () => {
    const report: Resource = {
      resourceType: "DiagnosticReport",
      id: "r1",
      status: "final",
      subject: SUBJECT,
      code: { text: "Lipid panel" },
      effectiveDateTime: "2026-01-01",
      conclusion: "Normal.",
      result: [{ display: "Cholesterol" }, { display: "LDL" }],
    };
    expect(bodyOf(report)).toMatchObject({
      type: "document",
      title: "Lipid panel",
      on: "2026-01-01",
      text: "Normal.\n\nCholesterol\nLDL",
    });
  });
  it("a document reference whose plain text is read, and whose PDF stays in the original", () => {
    const reference = (contentType: string, data: string): Resource => ({
      resourceType: "DocumentReference",
      id: "d1",
      status: "current",
      subject: SUBJECT,
      type: { coding: [{ system: "http://loinc.org", code: "11506-3" }] },
      description: "Progress note",
      date: "2026-01-01T10:00:00Z",
      content: [{ attachment: { contentType, data } }],
    });
    expect(bodyOf(reference("text/plain; charset=utf-8", base64("Slept better.")))).toMatchObject({
      title: "Progress note",
      kind: { code: "11506-3" },
      text: "Slept better.",
    });
    expect(bodyOf(reference("text/html", base64("<p>Slept better.</p>")))).toMatchObject({
      text: "Slept better.",
    });
    const pdf = bodyOf(reference("application/pdf", base64("%PDF-1.7")));
    expect(pdf).toMatchObject({ type: "document", mediaType: "application/pdf" });
    expect(pdf).not.toHaveProperty("text");
  });
  it("a composition with its sections in words", () => {
    const composition: Resource = {
      resourceType: "Composition",
      id: "c1",
      status: "final",
      subject: SUBJECT,
      type: { text: "Summary" },
      title: "Discharge summary",
      date: "2026-01-01",
      author: [{ display: "Tove" }],
      section: [
        {
          title: "Course",
          text: { status: "generated", div: "<div>Twenty sessions.</div>" },
          section: [{ title: "Outcome" }],
        },
      ],
    };
    expect(bodyOf(composition)).toMatchObject({
      title: "Discharge summary",
      author: "Tove",
      text: "Course\nTwenty sessions.\n\nOutcome",
    });
  });
});
