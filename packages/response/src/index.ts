export { readFacts } from "./facts/readFacts.ts";
export { rejectionText } from "./facts/rejection.ts";
export type { Rejection } from "./facts/rejection.ts";
export { factsJsonSchema } from "./facts/shapeRejections.ts";
export { factsSkeleton } from "./facts/skeleton.ts";
export { countReport, makeReport } from "./report/makeReport.ts";
export { reportPaper } from "./report/reportPaper.ts";
export type { Report } from "./report/report.ts";
