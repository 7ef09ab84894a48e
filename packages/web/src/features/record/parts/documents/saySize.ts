import { shownLanguage } from "../../../../app/language.ts";

const STEPS = ["byte", "kilobyte", "megabyte"] as const;

/** A number of bytes as people say it. */
export function saySize(bytes: number): string {
  const step = bytes < 1000 ? 0 : bytes < 1_000_000 ? 1 : 2;
  return new Intl.NumberFormat(shownLanguage(), {
    style: "unit",
    unit: STEPS[step] ?? "byte",
    unitDisplay: step === 0 ? "long" : "short",
    maximumFractionDigits: step === 2 && bytes < 10_000_000 ? 1 : 0,
  }).format(bytes / 1000 ** step);
}
