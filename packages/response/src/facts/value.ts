import type { Fact } from "./factsFile.ts";
import { isBefore, readTime, timeText, type Grain, type Time } from "./time.ts";

/** What is known of a value. */
export type Precision = Fact["precision"];

/** A value that has been read: a text, a number or a time, or two of one kind. */
export type Value =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "number"; readonly numbers: readonly [number, number?] }
  | { readonly kind: "time"; readonly times: readonly [Time, Time?] }
  | { readonly kind: "unknown" };

const grainsByPrecision: Partial<Record<Precision, readonly Grain[]>> = {
  day: ["day"],
  month: ["month"],
  year: ["year"],
  before: ["instant", "day", "month", "season", "year"],
  after: ["instant", "day", "month", "season", "year"],
};

type Given = Pick<Fact, "value" | "precision">;

/** Why a value and its precision do not go together; undefined: they do. */
export function valueFault(given: Given): string | undefined {
  const { precision } = given;
  if (precision === "unknown")
    return given.value === undefined ? undefined : "no value where the precision is unknown";
  if (given.value === undefined) return "a value, or the precision `unknown`";
  const value = readValue(given);
  if (value === undefined)
    return "a text, a number, a time (2020, 2020-autumn, 2020-10, 2020-10-21), or two for `between`";
  const isPair = Array.isArray(given.value);
  if ((precision === "between") !== isPair) return "two values in brackets for `between`, else one";
  return value.kind === "time" ? timeFault(value.times, precision) : otherFault(value, precision);
}

function timeFault([time, end]: readonly [Time, Time?], precision: Precision): string | undefined {
  if (end !== undefined) return isBefore(time, end) ? undefined : "the earlier time first";
  const grains = grainsByPrecision[precision];
  if (precision === "at least") return "a number for `at least`";
  if (grains?.includes(time.grain) === false)
    return `a time as fine as its precision: ${grains.join(" or ")}`;
  if (precision === "exact" && time.grain !== "instant")
    return "`day`, `month` or `year` for a time without its hour";
  return undefined;
}

function otherFault(value: Value, precision: Precision): string | undefined {
  if (value.kind === "text") return precision === "exact" ? undefined : "`exact` for a text";
  if (value.kind !== "number") return undefined;
  const [low, high = low] = value.numbers;
  if (high < low) return "the smaller number first";
  return ["exact", "about", "at least", "between"].includes(precision)
    ? undefined
    : "`exact`, `about`, `at least` or `between` for a number";
}

/** Reads what a fact says its value is; undefined: the two ends of a range differ in kind. */
export function readValue({ value, precision }: Given): Value | undefined {
  if (value === undefined || precision === "unknown") return { kind: "unknown" };
  const [one, two] = Array.isArray(value) ? value : [value];
  // A bare year is a number to YAML.
  const isYear = precision === "year" || precision === "before" || precision === "after";
  if (isYear && typeof one === "number") return readOne(String(one));
  if (two === undefined) return readOne(one);
  const [low, high] = [readOne(one), readOne(two)];
  if (low.kind === "number" && high.kind === "number")
    return { kind: "number", numbers: [low.numbers[0], high.numbers[0]] };
  if (low.kind === "time" && high.kind === "time")
    return { kind: "time", times: [low.times[0], high.times[0]] };
  return undefined;
}

function readOne(value: string | number): Value {
  if (typeof value === "number") return { kind: "number", numbers: [value] };
  const time = readTime(value);
  return time === undefined ? { kind: "text", text: value } : { kind: "time", times: [time] };
}

/** A number with its thousands apart: 33,000. */
export function numberText(value: number): string {
  const [whole = "", fraction] = String(value).split(".");
  const grouped = whole.replaceAll(/\B(?=(?:\d{3})+$)/g, ",");
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

function bareText(value: Value): readonly [string, string?] {
  if (value.kind === "text") return [value.text];
  if (value.kind === "unknown") return ["unknown"];
  if (value.kind === "number") {
    const [low, high] = value.numbers;
    return high === undefined ? [numberText(low)] : [numberText(low), numberText(high)];
  }
  const [from, to] = value.times;
  return to === undefined ? [timeText(from)] : [timeText(from), timeText(to)];
}

/** A value with what is known of it: `about 33,000 people`, `between 26 Nov 2017 and 13 Mar 2019`, `in autumn 2020`, `unknown`. */
export function valueText(given: Given & Pick<Fact, "unit">): string {
  const value = readValue(given) ?? { kind: "unknown" };
  const [one, two] = bareText(value);
  const unit = given.unit === undefined || value.kind === "unknown" ? "" : ` ${given.unit}`;
  const isVague = value.kind === "time" && value.times[0].grain === "season";
  switch (given.precision) {
    case "between":
      return `between ${one} and ${two ?? one}${unit}`;
    case "about":
      return isVague ? `in ${one}` : `about ${one}${unit}`;
    case "at least":
      return `at least ${one}${unit}`;
    case "before":
    case "after":
      return `${given.precision} ${one}`;
    default:
      return `${one}${unit}`;
  }
}

/** What a fact's time is ordered by: a day after its hours, a month after its days, `after` later still; undefined: its value is no time. */
export function moment(given: Given): string | undefined {
  const value = readValue(given);
  if (value?.kind !== "time") return undefined;
  const [{ grain, last }] = value.times;
  const later = given.precision === "after" ? "~" : "";
  return grain === "instant" ? `${last}${later}` : `${last}~${later}`;
}
