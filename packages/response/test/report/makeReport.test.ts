import { countReport, makeReport, readFacts, reportPaper, type Report } from "@sinetti/response";
import { renderMarkdown } from "@sinetti/paper";
import { expect, test } from "vitest";

import { sectionPlans } from "../../src/report/headings.ts";
import { fact, factsText } from "../sampleFacts.ts";

function reportOf(text: string): Report {
  const read = readFacts(text);
  if (!read.ok) throw new TypeError("the sample is not sound");
  return makeReport(read.value);
}

const markdown = (text: string): string => renderMarkdown(reportPaper(reportOf(text)));

test("a file with one fact still has every heading and label, each unknown with its reason", () => {
  const report = reportOf(factsText(fact(), "notEstablished: {impact.human: Nobody asked.}\n"));
  const text = renderMarkdown(reportPaper(report));
  const labels = sectionPlans.flatMap(({ labels: own = [] }) => own);
  expect(labels).toHaveLength(33);
  for (const [label] of labels) expect(text).toContain(`\n- ${label}:`);
  expect(text).toContain("- Human: Not established: Nobody asked.\n");
  expect(text).toContain("- Sector: Not established: the facts say nothing on this\n");
  expect(text).toContain("*Note: Not established: the facts say nothing on this*\n");
  expect(countReport(report)).toEqual({ statements: 1, notEstablished: 33 + 3 });
});

test("a statement carries its source, the place in it, and how far it holds", () => {
  const sources = "[log, {source: court, at: p. 3}]";
  expect(markdown(factsText(fact({ sources, status: "corroborated" })))).toContain(
    "The gate froze. [S1] [S2, p. 3] corroborated\n",
  );
});

test("a statement repeats text as text: nothing in a fact is markup", () => {
  expect(markdown(factsText(fact({ value: '"# [x](y) *z*"' })))).toContain(
    String.raw`\# [x\](y) \*z\* [S1]`,
  );
});

test("every answer to a question is printed, the chosen one first and with its reason", () => {
  const answer = {
    under: "[summary]",
    answers: "count",
    unit: "people",
    says: "Taken were {value}.",
  };
  const text = markdown(
    factsText(
      fact({ ...answer, value: "20000", precision: "at least" }) +
        fact({ ...answer, id: "two", value: "33000", precision: "about", sources: "[court]" }),
      "questions:\n  - {id: count, asks: How many, under: [impact.dataBreach], chosen: two, reason: the court counted them}\n",
    ),
  );
  expect(text).toContain(`- Data Breach: Taken were about 33,000 people. [S2] verified
  - *Chosen because the court counted them.*
  - Another source: Taken were at least 20,000 people. [S1] verified
`);
});

test("what was superseded stays, below what took its place", () => {
  const text = markdown(
    factsText(fact({ value: "Old." }) + fact({ id: "two", value: "New.", supersedes: "one" })),
  );
  expect(text).toContain(
    "New. [S1] verified\n\n- Recorded before, and superseded: Old. [S1] verified\n",
  );
});

test("a legal event that was recorded anew keeps its first record below", () => {
  const event = (id: string, day: string, more: string): string =>
    `  - {id: ${id}, kind: verdict, value: ${day}, precision: day, says: It was done., effect: standing, sources: [court], status: claimed${more}}\n`;
  const text = markdown(
    factsText(
      fact(),
      `legalEvents:\n${event("a", "2024-04-29", "")}${event("b", "2024-04-30", ", supersedes: a")}`,
    ),
  );
  expect(text).toContain(`- Date/Time: **30 Apr 2024:** Verdict. It was done. [S2] claimed
  - *Effect: standing.*
  - Recorded before, and superseded: 29 Apr 2024: Verdict. It was done. [S2] claimed
`);
});

test("the note is in italics, each sentence with its sources and its grounds", () => {
  const note = { under: "[indicators.note]", status: "inferred", grounds: "no list was found" };
  expect(
    markdown(
      factsText(
        fact({ ...note, value: "Not complete." }) +
          fact({ ...note, id: "two", value: "Public reports only." }),
      ),
    ),
  ).toContain(
    "*Note: Not complete. Grounds: no list was found. ([S1] inferred) Public reports only. Grounds: no list was found. ([S1] inferred)*\n",
  );
});

test("an unknown value prints as unknown", () => {
  const text = factsText(
    fact({ precision: "unknown", says: '"The number of openings is {value}."' }).replace(
      / +value:.*\n/,
      "",
    ),
  );
  expect(markdown(text)).toContain("The number of openings is unknown. [S1] verified");
});

test("legal events and other events are one course of time, each legal event with its effect", () => {
  const event = (id: string, kind: string, day: string, effect: string): string =>
    `  - {id: ${id}, kind: ${kind}, value: ${day}, precision: day, says: It was done., effect: ${effect}, sources: [court], status: verified}\n`;
  const text = markdown(
    factsText(
      fact({ value: "2025-01-01", precision: "day", says: "Told.", under: "[response.time]" }),
      `legalEvents:\n${event("b", "appeal verdict", "2026-02-26", "standing")}${event("c", "custody release", "2025-09-12", "final")}${event("a", "verdict", "2024-04-30", "superseded, supersededBy: b")}`,
    ),
  );
  expect(text).toContain(`- Date/Time:
  - **30 Apr 2024:** Verdict. It was done. [S2] verified
    - *Effect: superseded by: Appeal verdict, 26 Feb 2026.*
  - **1 Jan 2025:** Told. [S1] verified
  - **12 Sep 2025:** Custody release (not an acquittal). It was done. [S2] verified
    - *Effect: final.*
  - **26 Feb 2026:** Appeal verdict. It was done. [S2] verified
    - *Effect: standing.*
`);
});

test("a heading that ATT&CK split is kept, and both its parts are printed", () => {
  expect(markdown(factsText(fact()))).toContain(
    "- Defense Evasion: ATT&CK v19: TA0005 Stealth, TA0112 Defense Impairment; ATT&CK v18: TA0005 Defense Evasion\n",
  );
});

test("a technique that is not known by name prints its id", () => {
  const text = markdown(factsText(fact({ under: "[method.discovery]", attack: "[T1595, T9999]" })));
  expect(text).toContain("*ATT&CK T1595 Active Scanning. ATT&CK T9999.*");
});

test("lessons and recommendations begin with their theme; what nobody decided is not established", () => {
  const grounded = "sources: [log], status: claimed";
  const text = markdown(
    factsText(
      fact(),
      `lessons:\n  - {theme: Ports, says: Nobody looked., ${grounded}}\nrecommendations:\n  - {theme: Segmentation, says: Separate the stores., owner: administrator, due: 2026-12-01, ${grounded}}\n`,
    ),
  );
  expect(text).toContain("- **Ports:** Nobody looked. [S1] claimed\n");
  expect(text).toContain(
    "- **Segmentation:** Separate the stores (owner: administrator; due: 1 Dec 2026; state: not established) [S1] claimed\n",
  );
});
