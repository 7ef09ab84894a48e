import { expect, test } from "vitest";

import { moment, valueFault, valueText, type Precision } from "../../src/facts/value.ts";

type Case = [
  value: string | number | [string | number, string | number] | undefined,
  precision: Precision,
  unit: string | undefined,
  printed: string,
];

const given = (value: Case[0], precision: Precision, unit?: string) => ({
  precision,
  ...(value === undefined ? {} : { value }),
  ...(unit === undefined ? {} : { unit }),
});

test.each<Case>([
  [33000, "about", "people", "about 33,000 people"],
  [15000, "at least", "people", "at least 15,000 people"],
  [40, "exact", "bitcoin", "40 bitcoin"],
  [4.16, "exact", "%", "4.16 %"],
  [1234567, "exact", undefined, "1,234,567"],
  [[20000, 33000], "between", "people", "between 20,000 and 33,000 people"],
  [["2017-11-26", "2019-03-13"], "between", undefined, "between 26 Nov 2017 and 13 Mar 2019"],
  ["2020-autumn", "about", undefined, "in autumn 2020"],
  ["2020-10-21", "about", undefined, "about 21 Oct 2020"],
  ["2018-11", "month", undefined, "November 2018"],
  [2018, "year", undefined, "2018"],
  ["2019-03-13", "before", undefined, "before 13 Mar 2019"],
  [2019, "after", undefined, "after 2019"],
  ["no firewall", "exact", undefined, "no firewall"],
  [undefined, "unknown", "people", "unknown"],
])("%j (%s, %s) prints as %s", (value, precision, unit, printed) => {
  expect(valueFault(given(value, precision, unit))).toBeUndefined();
  expect(valueText(given(value, precision, unit))).toBe(printed);
});

test.each<[Case[0], Precision]>([
  [["2019-03-14", "2019-03-13"], "between"],
  [[5, 4], "between"],
  [[5, "2019"], "between"],
  [[5, 6], "about"],
  [5, "between"],
  [5, "day"],
  ["2018-11", "day"],
  ["2018-11-01", "month"],
  ["2018-11-01", "exact"],
  ["2018-11-01", "at least"],
  ["no firewall", "about"],
  [5, "unknown"],
  [undefined, "exact"],
])("%j does not go with %s", (value, precision) => {
  expect(valueFault(given(value, precision))).toBeDefined();
});

test("hours come before their day, days before their month, and after a day is later still", () => {
  const ordered = [
    given("2020-10-21T04:00+03:00", "exact"),
    given("2020-10-21", "day"),
    given("2020-10-21", "after"),
    given("2020-10-22", "day"),
    given("2020-10", "month"),
    given("2020-autumn", "about"),
    given("2020", "year"),
  ].map((one) => moment(one) ?? "");
  const sorted = ordered.toSorted((one, other) => (one < other ? -1 : 1));
  expect(sorted).toEqual(ordered);
  expect(moment(given("text", "exact"))).toBeUndefined();
});
