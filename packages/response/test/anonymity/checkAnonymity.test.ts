import { expect, test } from "vitest";

import { hasPhone, hasPrivateMail } from "../../src/anonymity/contacts.ts";
import { hasStrangersName, nameFinder } from "../../src/anonymity/names.ts";
import { quotesAtLength, readsLikeNote } from "../../src/anonymity/noteText.ts";
import { fact, factsText, refusals } from "../sampleFacts.ts";

const CODE = "131052-308T";
const quoted = (words: number): string =>
  `“${Array.from({ length: words }, () => "word").join(" ")}”`;

test.each([
  ["a value", factsText(fact({ value: `It was ${CODE}.` }))],
  ["a number with a leading zero", factsText(fact({ value: "01010750160" }))],
  ["a comment", factsText(fact()).replace("title:", `# ${CODE}\ntitle:`)],
  ["a comment behind a value", factsText(fact()).replace("A sample", `A sample # ${CODE}`)],
  ["an address", factsText(fact()).replace("https://example.org/j", `https://example.org/${CODE}`)],
  ["a key", factsText(fact({ [CODE]: "x" }))],
  ["an id of a place", factsText(fact({ sources: `[{source: log, at: ${CODE}}]` }))],
])("an identity code in %s is refused, and not repeated", (_, text) => {
  const said = refusals(text).join("\n");
  expect(said).toContain("a personal identity code stands here");
  expect(said).not.toMatch(/131052|1010750160/);
});

test("a protected name is refused by line and field, inflected too, and not repeated", () => {
  const names = ["Virtanen, Matti", "Åsa Öhman"];
  const text = factsText(fact({ value: "Matti Virtasen kirjaus julkaistiin." }));
  const said = refusals(text, names);
  expect(said).toContain(
    "line 10, facts[0].value: a name stands here that must not occur; expected nobody of the list of protected names",
  );
  expect(said.join()).not.toContain("Virta");
});

test("an id that holds a protected name is not offered as what was meant", () => {
  const text = factsText(
    fact({ id: "matti-virtanen", under: "[summary]" }) +
      fact({ id: "two", supersedes: "matti-virtanem" }),
  );
  expect(refusals(text, ["Matti Virtanen"]).join()).not.toContain("virtan");
});

test.each([
  ["Matti Virtanen", true],
  ["VIRTANEN MATTI", true],
  ["Virtanen, Matti", true],
  ["Matti J. Virtanen", true],
  ["Matille ja Matti Virtaselle", true],
  ["Virtanen", false],
  ["Matti Korhonen met Liisa and then somebody else called Virtanen", false],
])("%s: protected %s", (text, isFound) => {
  expect(nameFinder(["Matti Virtanen"])(text)).toBe(isFound);
});

test("a name of one word is looked for alone", () => {
  expect(nameFinder(["Zorglub"])("Zorglub was told")).toBe(true);
  expect(nameFinder(["", "  "])("nothing")).toBe(false);
});

test("a list of every patient there was is looked for", () => {
  const letters = (number: number): string =>
    Array.from(number.toString(26).padStart(4, "0"), (digit) =>
      String.fromCharCode(97 + parseInt(digit, 26)),
    ).join("");
  const names = Array.from(
    { length: 33_000 },
    (_, at) => `${letters(at * 7)}la ${letters(at * 5)}nen`,
  );
  const find = nameFinder(names);
  const filler = "it was told to them again and again ".repeat(250);
  expect(find(`${filler} ${letters(321 * 5)}sen, ${letters(321 * 7)}la`)).toBe(true);
  expect(find(filler)).toBe(false);
});

test("a text that is too long to be looked through is refused", () => {
  expect(refusals(factsText(fact()).replace("title:", `# ${"“".repeat(10_001)}\ntitle:`))).toEqual([
    "line 3, title.(comment): the text is too long to be looked through; expected at most 10000 characters",
  ]);
});

test("a person who is not public is refused even when nobody listed them", () => {
  expect(hasStrangersName("said Liisa Mäkelä-Korpi", [])).toBe(true);
  expect(hasStrangersName("said Anna-Maria Ek", [])).toBe(true);
  expect(hasStrangersName("Data Protection Ombudsman", [])).toBe(false);
  expect(hasStrangersName("Helsinki Court", [])).toBe(false);
  expect(hasStrangersName("Liisa Mäkelän", ["Liisa Mäkelä"])).toBe(false);
  expect(refusals(factsText(fact({ value: "Liisa Mäkelä was told." })))).toHaveLength(1);
});

test("a public person may be named, if a public source does; a protected name may not even then", () => {
  const more = "publicPersons:\n  - {name: Liisa Mäkelä, why: Judge, sources: [court]}\n";
  const text = factsText(fact({ value: "Liisa Mäkelä gave judgment." }), more);
  expect(refusals(text)).toEqual([]);
  expect(refusals(text, ["Liisa Mäkelä"]).length).toBeGreaterThan(0);
});

test.each([
  "040 123 4567",
  "+358 40 123 4567",
  "0401234567",
  "+46 (0)8 123 456 78",
  "09-1234 5678",
])("%s is a telephone number", (text) => {
  expect(hasPhone(`call ${text} now`)).toBe(true);
});

test.each([
  "450 000 euros",
  "2020-10-21",
  "1150/161/2021",
  "33,000",
  "10000000",
  "Article 33(1)",
  "0.1 bitcoin",
  "04:00 (UTC+03:00)",
])("%s is none", (text) => {
  expect(hasPhone(text)).toBe(false);
});

test("an address of a person is refused, that of an office is not", () => {
  expect(hasPrivateMail("write to matti.v@example.fi")).toBe(true);
  expect(hasPrivateMail("matti (at) example.fi")).toBe(true);
  expect(hasPrivateMail("tietosuoja@om.fi or Info@example.org")).toBe(false);
});

test.each([
  "S: feels low. O: pale. A: worse. P: review",
  "Potilas kertoo unettomuudesta",
  "Patienten uppger trötthet",
  "The patient reports poor sleep",
  "diagnosis F32.1",
  "Esitiedot: pitkä. Nykytila: parempi.",
])("%s reads like a note", (text) => {
  expect(readsLikeNote(text)).toBe(true);
});

test.each([
  "The patient database was copied.",
  "Plan: rotate the keys.",
  "A patient was told on the telephone.",
  "The company reported the theft.",
])("%s does not", (text) => {
  expect(readsLikeNote(text)).toBe(false);
});

test("twenty-five words may be quoted; more need a public source with an address", () => {
  expect(quotesAtLength(quoted(25))).toBe(false);
  expect(quotesAtLength(quoted(26))).toBe(true);
  expect(refusals(factsText(fact({ value: quoted(26) })))).toHaveLength(1);
  expect(refusals(factsText(fact({ value: quoted(26), sources: "[court]" })))).toEqual([]);
});
