import { existsSync } from "node:fs";

import { fingerprintOf } from "@sinetti/posture";
import { z } from "zod";

import { readBytes } from "../input/readBytes.ts";
import { InputError } from "../inputError.ts";
import { writeSecretFile } from "../start/secretFile.ts";

/** In a data folder. */
export const EXCEPTIONS_FILE = "exceptions.json";

/** Longest that a fault which keeps the services from starting is borne. */
export const LONGEST_DAYS = 31;

const DAY_MS = 86_400_000;
const id = z.string().regex(/^[0-9a-f]{32}$/, "32 hexadecimal digits");
const text = z.string().min(1).max(2000);

const exceptionSchema = z.strictObject({
  practice: id,
  /** `who`, `what` or `gate`. */
  database: z.string().min(1).max(63),
  /** `N2`, or `unseen` for what the role that looks may not see. */
  check: z.string().min(1).max(20),
  object: text,
  reason: text,
  made: z.iso.datetime(),
  until: z.iso.date(),
  signatures: z
    .array(z.strictObject({ device: id, signed: z.string().regex(/^([0-9a-f]{2}){65,1000}$/) }))
    .max(20),
});
const fileSchema = z.strictObject({
  sinettiExceptions: z.literal(1),
  exceptions: z.array(exceptionSchema).max(1000),
});

/** A fault that two persons bear until a day. */
export type SignedException = z.infer<typeof exceptionSchema>;

/** The bytes that each of them signs: everything but the signatures, in this order. */
export function exceptionBytes(one: Omit<SignedException, "signatures">): Uint8Array {
  const { practice, database, check, object, reason, made, until } = one;
  return new TextEncoder().encode(
    JSON.stringify({ v: 1, practice, database, check, object, reason, made, until }),
  );
}

/** Fingerprint of the finding that it is about. */
export const exceptedFingerprint = ({ check, object }: SignedException): string =>
  fingerprintOf(check, object);

/** Whether its days hold: made before `now`, not over, and not longer than is allowed. */
export function isInTime({ made, until }: SignedException, now: Date): boolean {
  const [from, last] = [Date.parse(made), Date.parse(until) + DAY_MS];
  // Clocks of two machines differ.
  const hasBegun = from <= now.getTime() + DAY_MS;
  return hasBegun && now.getTime() < last && last - from <= (LONGEST_DAYS + 1) * DAY_MS;
}

/** The exceptions of a file; none where there is no such file. Error: InputError with every field that is wrong. */
export function readExceptions(path: string): SignedException[] {
  if (!existsSync(path)) return [];
  let content: unknown;
  try {
    content = JSON.parse(new TextDecoder().decode(readBytes(path)));
  } catch (cause) {
    throw new InputError(path, "the exceptions are not JSON", { cause });
  }
  const parsed = fileSchema.safeParse(content);
  if (parsed.success) return parsed.data.exceptions;
  const fields = parsed.error.issues.map(
    ({ path: at, message }) => `${at.join(".") || "."}: ${message}`,
  );
  throw new InputError(path, "these are no signed exceptions", { fields });
}

/** Writes them whole or not at all. */
export function writeExceptions(path: string, exceptions: readonly SignedException[]): void {
  writeSecretFile(path, JSON.stringify({ sinettiExceptions: 1, exceptions }, null, 2));
}
