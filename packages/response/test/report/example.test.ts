import { readFileSync } from "node:fs";

import { renderMarkdown } from "@sinetti/paper";
import { renderPdf } from "@sinetti/paper/pdf";
import { makeReport, readFacts, reportPaper, type Report } from "@sinetti/response";
import { expect, test } from "vitest";

const EXAMPLE = new URL("../../../../docs/examples/vastaamo.yaml", import.meta.url);

/** As the design writes them: headings with their labels, in order. */
const OUTLINE = `# Incident Report: {title}
## Executive Summary
## Incident Details
- Discovery Date:
- Incident Date:
- Affected Organization:
- Sector:
- Geography:
## Timeline of Events
### Initial Access
- Date/Time:
- Vector:
- Details:
### Lateral Movement
- Details:
### Data Exfiltration/Impact
- Details:
### Detection & Response
- Date/Time:
- Response actions taken:
## Attack Methodology
- Initial Access:
- Persistence:
- Privilege Escalation:
- Defense Evasion:
- Credential Access:
- Discovery:
- Lateral Movement:
- Collection:
- Exfiltration:
- Impact:
## Impact Assessment
- Financial:
- Data Breach:
- Operational:
- Reputational:
- Human:
## Indicators of Compromise
*Note: 
- Network indicators:
- File indicators:
- Behavioral indicators:
## Response Actions
- Containment measures:
- Eradication steps:
- Recovery actions:
## Lessons Learned
- **
## Recommendations
- **`;

function example(): Report {
  const read = readFacts(readFileSync(EXAMPLE, "utf8"));
  if (!read.ok) throw new TypeError("the example is not sound");
  return makeReport(read.value);
}
const report = example();
const markdown = renderMarkdown(reportPaper(report));

test("the report has every heading and label, exactly, in order", () => {
  let rest = `\n${markdown}`;
  for (const line of OUTLINE.replace("{title}", report.title).split("\n")) {
    expect(rest).toContain(`\n${line}`);
    rest = rest.slice(rest.indexOf(`\n${line}`) + 1 + line.length);
  }
});

test("the same headings and labels stand in the JSON", () => {
  const outline = JSON.parse(JSON.stringify(report)) as Report;
  const words = outline.sections.flatMap(({ heading, labels }) => [
    heading,
    ...labels.map(({ label }) => label),
  ]);
  expect(words).toHaveLength(13 + 33);
  for (const word of words) expect(OUTLINE).toContain(word);
});

test("the PDF is a PDF of several pages, the same each time", async () => {
  const [one, two] = [await renderPdf(reportPaper(report)), await renderPdf(reportPaper(report))];
  const text = Buffer.from(one).toString("latin1");
  expect(text.startsWith("%PDF-1.7")).toBe(true);
  expect(text.match(/\/Type \/Page\b(?!s)/g)?.length).toBeGreaterThan(8);
  expect(Buffer.compare(one, two)).toBe(0);
}, 60_000);

test("conviction, release pending the appeal and the appeal verdict are three events, each with its effect", () => {
  const time = report.sections.find(({ heading }) => heading === "Detection & Response")?.labels[0];
  const events = ["conviction", "custody-release", "appeal-verdict"].map((id) =>
    time?.statements.find((statement) => statement.id === id),
  );
  expect(
    events.map((event) => [event?.lead, event?.text.split(".")[0], event?.remarks[0]]),
  ).toEqual([
    ["30 Apr 2024", "Verdict", "Effect: superseded by: Appeal verdict, 26 Feb 2026"],
    [
      "September 2025",
      "Custody release (not an acquittal)",
      "Effect: superseded by: Appeal verdict, 26 Feb 2026",
    ],
    ["26 Feb 2026", "Appeal verdict", "Effect: standing"],
  ]);
  const order = events.map((event) =>
    event === undefined ? -1 : (time?.statements.indexOf(event) ?? -1),
  );
  expect(order.toSorted((one, other) => one - other)).toEqual(order);
});

test("the counts that differ all stand there with their sources, and the chosen one says why", () => {
  const impact = report.sections.find(({ heading }) => heading === "Impact Assessment");
  const all = impact?.labels.flatMap(({ statements }) => statements) ?? [];
  const people = all.find(({ id }) => id === "people-about-33000");
  expect(people?.text).toBe("The records of about 33,000 people were taken.");
  expect(people?.remarks[0]).toMatch(/^Chosen because the District Court/);
  const counts = people?.others.map(({ text, sources }) => [
    text.match(/[\d,]{6}/)?.[0],
    sources.length > 0,
  ]);
  expect(counts).toEqual([
    ["33,171", true],
    ["35,885", true],
    ["30,000", true],
    ["20,000", true],
    ["40,000", true],
    ["50,000", true],
  ]);
  expect(all.find(({ id }) => id === "complaints-24000")?.others).toHaveLength(3);
});

test("every statement has a source that the report lists", () => {
  const bodies = report.sections.flatMap(({ body, note, labels }) => [body, note, ...labels]);
  const statements = bodies.flatMap((body) => body?.statements ?? []);
  for (const { sources } of statements.flatMap((one) => [one, ...one.others]))
    for (const { number, source } of sources) expect(report.sources[number - 1]?.id).toBe(source);
  for (const { number } of report.sources) expect(markdown).toContain(`\n- S${number}: `);
});

test("what nobody established says so, with the reason", () => {
  expect(markdown).toContain("- File indicators: Not established: No hashes or names of files");
  expect(markdown).toContain(
    "(owner: not established; due: not established; state: not established)",
  );
});
