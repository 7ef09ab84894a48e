import { z } from "zod";
import { bodyOf, code, date, line, list, source } from "./fields.ts";

/** Answers of a measure in item order. */
export const measureAnswers = z.array(z.int().min(0).max(10)).min(1).max(100);

/** One administration of a bundled measure; answers are absent when only the total is known. */
export const measureRecord = bodyOf("measure", {
  measure: z.enum(["phq-9", "gad-7", "pcl-5", "audit-c", "who-5"]),
  date,
  answers: measureAnswers.exactOptional(),
  language: line.exactOptional(),
  total: z.int().min(0).max(1000),
  band: code,
  alerts: list(code),
  sex: z.enum(["female", "male"]).exactOptional(),
  source: source.exactOptional(),
});
/** One administration of a bundled measure: total, band, alerts, and the answers when known. */
export type MeasureRecord = z.infer<typeof measureRecord>;
