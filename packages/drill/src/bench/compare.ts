import { performance } from "node:perf_hooks";

/** One line of the report: what was reached beside what plain SQL reached in the same run. */
export interface BenchRow {
  readonly work: string;
  /** Median over the runs, in `unit`. */
  readonly ours: number;
  readonly limit: number;
  /** `ours` through `limit`. */
  readonly ratio: number;
  readonly unit: string;
  readonly runs: number;
  /** What the ratio is to be, such as `>= 0.25`; null: no aim. */
  readonly aim: string | null;
}

/** A row before it is measured; each side gives one figure in `unit` per call. */
export interface Comparison extends Pick<BenchRow, "work" | "unit" | "runs" | "aim"> {
  readonly ours: () => Promise<number>;
  readonly limit: () => Promise<number>;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.ceil(sorted.length / 2) - 1];
  if (upper === undefined || lower === undefined) throw new RangeError("nothing was measured");
  return (upper + lower) / 2;
}

/** Measures both sides in turns, so that what drifts on the machine drifts for both; the first turns are not counted. */
export async function compare(
  { ours, limit, ...row }: Comparison,
  { warmUps = 1 }: { warmUps?: number } = {},
): Promise<BenchRow> {
  const [own, plain]: [number[], number[]] = [[], []];
  for (let turn = 0; turn < warmUps; turn++) {
    await ours();
    await limit();
  }
  for (let run = 0; run < row.runs; run++) {
    own.push(await ours());
    plain.push(await limit());
  }
  return rowOf(row, { ours: own, limit: plain });
}

/** The row of two sides that were measured, by their medians. */
export function rowOf(
  row: Pick<BenchRow, "work" | "unit" | "aim">,
  times: { readonly ours: readonly number[]; readonly limit: readonly number[] },
): BenchRow {
  const { work, unit, aim } = row;
  const [ours, limit] = [median(times.ours), median(times.limit)];
  return { work, ours, limit, ratio: ours / limit, unit, runs: times.ours.length, aim };
}

/** How long `work` takes, in milliseconds. */
export async function timeMs(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** How many of `count` are done a second by `work`. */
export async function rate(count: number, work: () => Promise<unknown>): Promise<number> {
  return count / ((await timeMs(work)) / 1000);
}
