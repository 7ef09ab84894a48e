import { SingleBar } from "cli-progress";

import type { Failure } from "./failure.ts";

/** What a command gives: the object of the contract, and the same for people. */
export interface Printed {
  readonly json: unknown;
  readonly text: string;
  /** Exit code where it is not 0. */
  readonly exit?: number;
}

/** The two ways out: results on standard output, everything else on standard error. */
export class Output {
  readonly isJson: boolean;
  readonly #alarms: string[] = [];

  constructor({ isJson }: { isJson: boolean }) {
    this.isJson = isJson;
  }

  print({ json, text }: Printed): void {
    if (!this.isJson) {
      process.stdout.write(text === "" ? "" : `${text}\n`);
      return;
    }
    const isObject = typeof json === "object" && json !== null && !Array.isArray(json);
    const whole = isObject && this.#alarms.length > 0 ? { ...json, alarms: this.#alarms } : json;
    process.stdout.write(`${JSON.stringify(whole)}\n`);
  }

  /** `isSaid`: the parser of the command line has put it on standard error already. */
  fail({ code, message, exit, fields }: Failure, { isSaid }: { isSaid: boolean }): void {
    if (!isSaid) process.stderr.write(`${message}\n`);
    if (!this.isJson) return;
    const error = { code, exit, message, ...(fields === undefined ? {} : { fields }) };
    process.stdout.write(`${JSON.stringify({ error })}\n`);
  }

  log(line: string): void {
    process.stderr.write(`${line}\n`);
  }

  /** Something that a person must hear whatever else is printed. */
  alarm(line: string): void {
    this.#alarms.push(line);
    process.stderr.write(`ALARM: ${line}\n`);
  }

  /** A bar while the work runs; only on a terminal. */
  async progress<T>(work: (move: (done: number, total: number) => void) => Promise<T>): Promise<T> {
    if (!process.stderr.isTTY) return work(() => undefined);
    const bar = new SingleBar({ stream: process.stderr, clearOnComplete: true, etaBuffer: 20 });
    bar.start(1, 0);
    try {
      return await work((done, total) => {
        bar.setTotal(total);
        bar.update(done);
      });
    } finally {
      bar.stop();
    }
  }
}

/** Rows as columns, for people. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths: number[] = [];
  for (const row of rows)
    row.forEach((cell, column) => (widths[column] = Math.max(widths[column] ?? 0, cell.length)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
