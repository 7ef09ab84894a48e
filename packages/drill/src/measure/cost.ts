import type { Filled } from "../synthetic/fillPractice.ts";
import type { CpuTime } from "./cpu.ts";
import type { Peak } from "./peaks.ts";
import type { Sizes } from "./sizes.ts";

/** What a fill took. */
export interface FillCost {
  readonly seconds: number;
  /** Making devices and members of the staff. */
  readonly staffSeconds: number;
  /** Writing the patients. */
  readonly recordsSeconds: number;
  /** Of these, the part in which records were not written but invented. */
  readonly inventSeconds: number;
  /** Processor time of each process. */
  readonly cpu: readonly CpuTime[];
  /** Of the client's, what went into inventing. */
  readonly inventCpuSeconds: number;
  /** Writing the office's books. */
  readonly booksSeconds: number;
  readonly entriesPerSecond: number;
  readonly peaks: readonly Peak[];
  /** Most heap and buffers of one thread that wrote. */
  readonly threadBytes: number;
}

/** The same records inserted unsealed, by batches, over one connection for each vault, one batch after the other. */
export interface PlainCost {
  readonly rows: number;
  readonly bytes: number;
  /** Of the inserts alone. */
  readonly seconds: number;
  /** Processor time of the inserts: this process and both databases. */
  readonly cpuSeconds: number;
}

/** Both, beside each other. */
export interface Cost {
  readonly fill: FillCost;
  readonly plain: PlainCost;
  /** How many times as long as the plain inserts: the whole fill. */
  readonly timesPlain: number;
  /** The same without staff and inventing: records and books alone. */
  readonly timesPlainWriting: number;
  /** The same by processor time, everything but inventing: other work on the machine is not in it. */
  readonly timesPlainCpu: number;
  readonly sizes: Sizes;
  /** Peak of the drill itself, from the fill to its end; null: the system does not tell. */
  readonly drillPeakBytes: number | null;
}

/** What a fill took, from what it says of itself. */
export function costOfFill(
  { effort, phases, entries }: Pick<Filled, "effort" | "phases" | "entries">,
  { peaks, cpu }: Pick<FillCost, "peaks" | "cpu">,
): FillCost {
  const { staffSeconds, recordsSeconds, booksSeconds } = phases;
  const seconds = staffSeconds + recordsSeconds + booksSeconds;
  // Writers work side by side: their times are shares of the same seconds.
  const invented = effort.seconds === 0 ? 0 : effort.inventSeconds / effort.seconds;
  return {
    seconds,
    ...phases,
    inventSeconds: recordsSeconds * invented,
    cpu,
    inventCpuSeconds: effort.inventCpuSeconds,
    entriesPerSecond: seconds === 0 ? 0 : entries / seconds,
    peaks,
    threadBytes: effort.heapBytes,
  };
}

/** Puts a fill beside the plain inserts of what it wrote. */
export function compareCost(
  fill: FillCost,
  plain: PlainCost,
  rest: Pick<Cost, "sizes" | "drillPeakBytes">,
): Cost {
  const writing = fill.recordsSeconds - fill.inventSeconds + fill.booksSeconds;
  const times = (of: number, by: number): number => (by === 0 ? 0 : of / by);
  const cpu = sum(fill.cpu.map((each) => each.seconds)) - fill.inventCpuSeconds;
  return {
    fill,
    plain,
    timesPlain: times(fill.seconds, plain.seconds),
    timesPlainWriting: times(writing, plain.seconds),
    timesPlainCpu: times(cpu, plain.cpuSeconds),
    ...rest,
  };
}

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(0)} MB`;
const seconds = (value: number): string => `${value.toFixed(value < 10 ? 1 : 0)} s`;
const sum = (values: readonly number[]): number => values.reduce((all, each) => all + each, 0);

/** Rows for people: what was done, and what it took. */
export function fillRows(fill: FillCost): string[][] {
  return [
    ["fill", `${seconds(fill.seconds)}, ${fill.entriesPerSecond.toFixed(0)} entries/s`],
    ["of it, staff and devices", seconds(fill.staffSeconds)],
    ["of it, inventing people", seconds(fill.inventSeconds)],
    ...fill.cpu.map(({ process, seconds: used }) => [
      `processor time, ${process}`,
      process === "client"
        ? `${seconds(used)}, of it inventing ${seconds(fill.inventCpuSeconds)}`
        : seconds(used),
    ]),
    ...fill.peaks.map(({ process, peakBytes, ownBytes }) => [
      `peak memory, ${process}`,
      `${megabytes(peakBytes)}, own ${megabytes(ownBytes)}`,
    ]),
    ["peak memory, heaviest writing thread", megabytes(fill.threadBytes)],
  ];
}

/** Rows for people: the same, and beside it the plain inserts and the sizes. */
export function costRows(cost: Cost): string[][] {
  const { fill, plain, timesPlain, timesPlainWriting, timesPlainCpu, sizes } = cost;
  const { sealed, plain: unsealed } = sizes;
  const [all, vaults] = [sum(Object.values(sealed)), sealed.who + sealed.what];
  const bare = sum(Object.values(unsealed));
  return [
    ["what it takes", "measured"],
    ...fillRows(fill),
    [
      "the same records, unsealed, inserted by batches",
      `${seconds(plain.seconds)}, processor ${seconds(plain.cpuSeconds)}, ${plain.rows} rows, ${megabytes(plain.bytes)}`,
    ],
    ["the fill against that", `${timesPlain.toFixed(1)} times as long`],
    ["without staff and inventing", `${timesPlainWriting.toFixed(1)} times as long`],
    ["by processor time, without inventing", `${timesPlainCpu.toFixed(1)} times as much`],
    ...(cost.drillPeakBytes === null
      ? []
      : [["peak memory, the drill itself until its end", megabytes(cost.drillPeakBytes)]]),
    ...(["who", "what"] as const).map((vault) => [
      `database, vault ${vault}`,
      `${megabytes(sealed[vault])}, plain ${megabytes(unsealed[vault])}`,
    ]),
    ["database, gate", megabytes(sealed.gate)],
    [
      "all three against plain",
      `${(all / bare).toFixed(1)} times; the vaults alone ${(vaults / bare).toFixed(1)}`,
    ],
  ];
}
