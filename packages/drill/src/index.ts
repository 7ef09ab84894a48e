export { runBench, type BenchOptions, type BenchReport } from "./bench/runBench.ts";
export type { BenchRow } from "./bench/compare.ts";
