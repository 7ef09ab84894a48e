import { UsageError } from "../inputError.ts";

const UNIT_MS: Readonly<Record<string, number>> = {
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** A time between two looks, in milliseconds: 30s, 15m, 24h, 7d. Error: UsageError. */
export function readInterval(text: string, option: string): number {
  const [, count, unit = ""] = /^([1-9]\d{0,3})([smhd])$/.exec(text) ?? [];
  const ms = Number(count) * (UNIT_MS[unit] ?? Number.NaN);
  if (Number.isNaN(ms)) throw new UsageError(`${option}: a time like 30m or 24h`);
  return ms;
}
