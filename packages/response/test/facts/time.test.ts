import { expect, test } from "vitest";

import { isBefore, readTime, timeText, type Time } from "../../src/facts/time.ts";

function time(text: string): Time {
  const read = readTime(text);
  if (read === undefined) throw new TypeError("not a time");
  return read;
}

test.each([
  ["2020", "2020"],
  ["2020-autumn", "autumn 2020"],
  ["2020-10", "October 2020"],
  ["2017-11-26", "26 Nov 2017"],
  ["2024-02-29", "29 Feb 2024"],
  ["2020-10-21T04:00+03:00", "21 Oct 2020, 04:00 (UTC+03:00)"],
  ["2020-10-21T01:00Z", "21 Oct 2020, 01:00 (UTC)"],
])("%s is read and printed as %s", (text, printed) => {
  expect(timeText(time(text))).toBe(printed);
});

test.each([
  "2023-02-29",
  "2020-13",
  "2020-10-32",
  "20-10-21",
  "2020-fall",
  "21.10.2020",
  "2020-10-21T25:00Z",
  "2020-10-21 04:00",
  "soon",
])("%s is no time", (text) => {
  expect(readTime(text)).toBeUndefined();
});

test("a range may not begin after its end", () => {
  expect(isBefore(time("2017-11-26"), time("2019-03-13"))).toBe(true);
  expect(isBefore(time("2020-10-21"), time("2020"))).toBe(true);
  expect(isBefore(time("2019-03-14"), time("2019-03-13"))).toBe(false);
});
