import { expect, test } from "vitest";

import { hasIdentityCode } from "../../src/anonymity/identityCodes.ts";

const checkCharacters = "0123456789ABCDEFHJKLMNPRSTUVWXY";

/** A made-up Finnish code with a sound check character. */
function finnish(date: string, sign: string, serial: string): string {
  return `${date}${sign}${serial}${checkCharacters[Number(date + serial) % 31]}`;
}

test.each(Array.from("+-UVWXYABCDEF"))(
  "a Finnish code with the century sign %s is seen",
  (sign) => {
    expect(hasIdentityCode(`was ${finnish("131052", sign, "308")} there`)).toBe(true);
    expect(hasIdentityCode(finnish("131052", sign, "308").toLowerCase())).toBe(true);
    expect(hasIdentityCode(finnish("131052", sign, "908"))).toBe(true);
  },
);

test("a Finnish code is seen behind other dashes, spaces and digits of full width", () => {
  const code = finnish("131052", "-", "308");
  for (const dash of ["\u2010", "\u2011", "\u2013", "\u2212"])
    expect(hasIdentityCode(code.replace("-", dash))).toBe(true);
  expect(hasIdentityCode(code.replace("-", " - "))).toBe(true);
  expect(hasIdentityCode(code.replaceAll("1", "１"))).toBe(true);
  expect(hasIdentityCode(code.replace("-", "-\u200b"))).toBe(true);
});

test("what has a wrong check character, date or serial is no Finnish code", () => {
  const code = finnish("131052", "-", "308");
  const other = code.endsWith("A") ? "B" : "A";
  expect(hasIdentityCode(code.slice(0, -1) + other)).toBe(false);
  expect(hasIdentityCode(finnish("311152", "-", "308"))).toBe(false);
  expect(hasIdentityCode(finnish("131052", "-", "001"))).toBe(false);
  expect(hasIdentityCode(`x${code}x`)).toBe(false);
});

test.each([
  ["Swedish with its hyphen", "811228-9874"],
  ["Swedish of a hundred years", "811228+9874"],
  ["Swedish with its century", "19811228-9874"],
  ["Swedish without hyphen", "198112289874"],
  ["Swedish coordination number", "701063-2391"],
  ["Norwegian", "01010750160"],
  ["Danish", "070761-4285"],
  ["Estonian", "37605030299"],
])("%s is seen", (_, code) => {
  expect(hasIdentityCode(`code ${code}.`)).toBe(true);
});

test.each([
  "33,000 people, 608,000 EUR, 10000000",
  "2017-11-26 to 2019-03-13",
  "1150/161/2021, K 21/6151, V/11061/2021",
  "business ID 2212204-1",
  "https://www.hs.fi/kotimaa/art-2000006706396.html",
  "811228-9875",
  "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
])("%s holds no code", (text) => {
  expect(hasIdentityCode(text)).toBe(false);
});
