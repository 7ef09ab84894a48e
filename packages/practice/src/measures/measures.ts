import { AUDIT_C } from "./auditC.ts";
import { GAD_7 } from "./gad7.ts";
import type { Measure, MeasureId } from "./measure.ts";
import { PCL_5 } from "./pcl5.ts";
import { PHQ_9 } from "./phq9.ts";
import { WHO_5 } from "./who5.ts";

/** The bundled measures. */
export const MEASURES: readonly Measure[] = [PHQ_9, GAD_7, PCL_5, AUDIT_C, WHO_5];

/** The bundled measure with this id, or undefined. */
export function findMeasure(id: string): Measure | undefined {
  return MEASURES.find((measure) => measure.id === id);
}

/** The bundled measure whose total has this LOINC code, or undefined. */
export function findMeasureByTotal(loinc: string): Measure | undefined {
  return MEASURES.find((measure) => measure.loinc.total === loinc);
}

/** The highest total of a measure. */
export function highestTotal(id: MeasureId): number {
  const measure = MEASURES.find((candidate) => candidate.id === id);
  if (measure === undefined) throw new TypeError("no such measure");
  return (
    measure.multiplier *
    measure.items.reduce((sum, item) => sum + highestScore(item.options ?? measure.options), 0)
  );
}

/** Whether `total` can be a total of the measure: whole, on the scale, and a multiple where the raw score is multiplied. */
export function isTotalOf(measure: Measure, total: number): boolean {
  const onScale = total >= 0 && total <= highestTotal(measure.id);
  return Number.isSafeInteger(total) && onScale && total % measure.multiplier === 0;
}

function highestScore(options: readonly { score: number }[]): number {
  return Math.max(...options.map(({ score }) => score));
}
