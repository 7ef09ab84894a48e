import type { Measure } from "./measure.ts";

/** How two administrations of a measure differ. */
export interface MeasureChange {
  /** Later total less earlier total. */
  points: number;
  direction: "better" | "worse" | "same";
  /** Whether the change reaches the published reliable change; "not-published" where there is none. */
  reliable: "yes" | "no" | "not-published";
  citation?: string;
}

/** The change from an earlier to a later total of one measure, with the source of the threshold. */
export function measureChange(
  measure: Measure,
  totals: { earlier: number; later: number },
): MeasureChange {
  const points = totals.later - totals.earlier;
  const improved = measure.better === "lower" ? points < 0 : points > 0;
  const direction = points === 0 ? "same" : improved ? "better" : "worse";
  if (measure.reliableChange === undefined) return { points, direction, reliable: "not-published" };
  const { points: threshold, citation } = measure.reliableChange;
  return { points, direction, reliable: Math.abs(points) >= threshold ? "yes" : "no", citation };
}
