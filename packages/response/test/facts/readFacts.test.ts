import { factsJsonSchema, factsSkeleton } from "@sinetti/response";
import { expect, test } from "vitest";

import { fact, factsText, refusals } from "../sampleFacts.ts";

const QUESTION = "questions:\n  - {id: count, asks: How many, under: [impact.dataBreach]";

test("a sound file is read", () => {
  expect(refusals(factsText(fact()))).toEqual([]);
});

test("the printed skeleton is itself a sound file, and the schema covers its keys", () => {
  expect(refusals(factsSkeleton)).toEqual([]);
  expect(Object.keys(factsJsonSchema()["properties"] as object)).toContain("legalEvents");
});

test("a misspelt key is named with the key that was meant, its line and its field", () => {
  expect(refusals(factsText(fact({ precison: "exact" })))).toEqual([
    "line 15, facts[0].precison: an unknown key stands here; expected precision",
  ]);
});

test("a key that is like none is not repeated", () => {
  const [said = ""] = refusals(factsText(fact({ mattivirtanen: "x" })));
  expect(said).toMatch(
    /^line 15, facts\[0\]: an unknown key stands here; expected one of id, value/,
  );
  expect(said).not.toContain("mattivirtanen");
});

test("everything that is wrong is said at once, in the order of the lines", () => {
  const text = factsText(
    fact({ status: "verifed" }) + fact({ id: "two", sources: "[cort]" }) + fact({ id: "Three" }),
    "recommendations:\n  - {theme: T, says: S, due: soon, sources: [log], status: claimed}\n",
  );
  expect(refusals(text)).toEqual([
    "line 9, recommendations[0].due: it has another form; expected a day such as 2020-10-21",
    "line 16, facts[0].status: it has another form; expected one of claimed, inferred, corroborated, verified, refuted (did you mean verified?)",
    "line 21, facts[1].sources[0]: it names what is not in the file; expected an id of the file (did you mean court?)",
    "line 23, facts[2].id: it has another form; expected small letters, digits and hyphens, a letter first",
  ]);
});

test("what is missing is said where it belongs", () => {
  const text = factsText(
    "  - {id: one, value: x, under: [summary], sources: [log], status: claimed}\n",
  );
  expect(refusals(text)).toEqual([
    "line 9, facts[0].precision: the field is missing; expected one of exact, day, month, year, before, after, between, about, at least, unknown",
  ]);
});

test.each([
  ["an id that stands twice", factsText(fact() + fact())],
  ["an id shared with a source", factsText(fact({ id: "log" }))],
  ["a source that is not there", factsText(fact({ sources: "[nobody]" }))],
  ["a superseded fact that is not there", factsText(fact({ supersedes: "nobody" }))],
  ["a fact that supersedes itself", factsText(fact({ supersedes: "one" }))],
  ["inferred without grounds", factsText(fact({ status: "inferred" }))],
  ["corroborated by one source", factsText(fact({ status: "corroborated" }))],
  [
    "corroborated by one source twice",
    factsText(fact({ status: "corroborated", sources: "[log, {source: log, at: p. 2}]" })),
  ],
  [
    "a value that its sentence does not say",
    factsText(fact({ value: "5", says: "People were told." })),
  ],
  ["an answer to no question", factsText(fact({ answers: "count" }))],
  ["a question that nobody answers", factsText(fact(), `${QUESTION}}\n`)],
  ["a label that is not in the report", factsText(fact({ under: "[summry]" }))],
  [
    "a public person whom no public source names",
    factsText(fact(), "publicPersons: [{name: Nobody, why: Known, sources: [log]}]\n"),
  ],
  ["no source at all", factsText(fact({ sources: "[]" }))],
  [
    "a value that does not go with its precision",
    factsText(fact({ value: "5", precision: "day" })),
  ],
])("it refuses %s", (_, text) => {
  expect(refusals(text)).toHaveLength(1);
});

test("facts that supersede each other are refused, each", () => {
  const text = factsText(fact({ supersedes: "two" }) + fact({ id: "two", supersedes: "one" }));
  expect(refusals(text)).toHaveLength(2);
});

test("two answers need one that is chosen, with a reason", () => {
  const answer = { under: "[impact.dataBreach]", answers: "count", unit: "people" };
  const answers = fact({ ...answer, value: "5" }) + fact({ ...answer, id: "two", value: "6" });
  const file = (more: string): string => factsText(answers, `${QUESTION}${more}}\n`);
  expect(refusals(file(""))).toHaveLength(1);
  expect(refusals(file(", chosen: one"))).toHaveLength(1);
  expect(refusals(file(", chosen: three, reason: R"))).toHaveLength(1);
  expect(refusals(file(", chosen: one, reason: R"))).toEqual([]);
});

test("what was refuted cannot be chosen", () => {
  const answer = { answers: "count", unit: "people" };
  const answers =
    fact({ ...answer, value: "5", status: "refuted" }) + fact({ ...answer, id: "two", value: "6" });
  expect(refusals(factsText(answers, `${QUESTION}, chosen: one, reason: R}\n`))).toHaveLength(1);
});

test("a superseded legal event names what took its place, and no other does", () => {
  const event = (id: string, more: string): string =>
    `  - {id: ${id}, kind: verdict, value: 2024-04-30, precision: day, says: S, sources: [court], status: verified, ${more}}\n`;
  const file = (...events: string[]): string =>
    factsText(fact(), `legalEvents:\n${events.join("")}`);
  expect(refusals(file(event("a", "effect: superseded")))).toHaveLength(1);
  expect(
    refusals(file(event("a", "effect: standing, supersededBy: b"), event("b", "effect: final"))),
  ).toHaveLength(1);
  expect(refusals(file(event("a", "effect: superseded, supersededBy: a")))).toHaveLength(1);
  expect(
    refusals(
      file(event("a", "effect: superseded, supersededBy: b"), event("b", "effect: standing")),
    ),
  ).toEqual([]);
});

test.each([
  ["an anchor and an alias", "a: &x [1]\nb: *x\n"],
  ["aliases that would grow", "a: &a [1,1]\nb: &b [*a,*a]\nc: [*b,*b]\n"],
  ["a key that stands twice", "title: a\ntitle: b\n"],
  ["a tag", "title: !!binary aGVsbG8=\n"],
  ["a second document", "title: a\n---\ntitle: b\n"],
  ["a key that is no word", "[a]: b\n"],
  ["a bracket left open", "title: [a\n"],
  ["brackets upon brackets", "[".repeat(50_000)],
  ["dashes upon dashes", `${"- ".repeat(50_000)}a`],
  [
    "spaces upon spaces",
    Array.from({ length: 300 }, (_, depth) => `${" ".repeat(depth)}a:`).join("\n"),
  ],
  ["a file that is too large", `title: ${"a".repeat(1_000_000)}\n`],
  ["an empty file", ""],
  ["a list", "- a\n"],
  ["a text", "a\n"],
])("it refuses %s", (_, text) => {
  expect(refusals(text)[0]).toMatch(/^line [1-9]/);
});

test("a doubled key is told by its line", () => {
  const text = factsText(fact()).replace(
    "compiled: 2026-11-21",
    "title: Again\ncompiled: 2026-11-21",
  );
  expect(refusals(text)).toEqual([
    "line 3, .: a key stands here that stood before in the same mapping; expected YAML 1.2",
  ]);
});

test("a bare year is a year, whatever YAML takes it for", () => {
  expect(refusals(factsText(fact({ value: "2018", precision: "year" })))).toEqual([]);
});
