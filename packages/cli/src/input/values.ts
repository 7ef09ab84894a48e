import {
  CoreError,
  RIGHTS,
  ROLES,
  decodePaperCode,
  parseHash,
  parseId,
  type AnyId,
  type Hash,
  type Role,
} from "@sinetti/core";

import { UsageError } from "../inputError.ts";

const DAY_SECONDS = 86_400;

/** Roles from `therapist,admin`. Error: UsageError. */
export function readRoles(text: string): Role[] {
  const roles = text.split(",").map((role) => role.trim());
  const isRole = (role: string): role is Role => (ROLES as readonly string[]).includes(role);
  if (!roles.every(isRole) || new Set(roles).size !== roles.length)
    throw new UsageError(`--roles: each once, out of ${ROLES.join(", ")}`);
  if (roles.includes("reviewer") && roles.length > 1)
    throw new UsageError("--roles: a reviewer has no other role");
  return roles;
}

/** Rights from `read,write`, as bits. Error: UsageError. */
export function readRights(text: string): number {
  const names = text.split(",").map((name) => name.trim());
  const isRight = (name: string): name is keyof typeof RIGHTS => Object.hasOwn(RIGHTS, name);
  if (!names.every(isRight)) throw new UsageError("--rights: out of read, write, grant");
  const rights = names.reduce((bits, name) => bits | RIGHTS[name], 0);
  if ((rights & RIGHTS.read) === 0) throw new UsageError("--rights: nothing goes without read");
  return rights;
}

/** An id of 32 hexadecimal digits. Error: UsageError. */
export function readId<I extends AnyId>(text: string, what: string): I {
  return parsed(() => parseId<I>(text.trim().toLowerCase()), `${what}: 32 hexadecimal digits`);
}

/** A hash of 64 hexadecimal digits. Error: UsageError. */
export function readHash(text: string, what: string): Hash {
  return parsed(() => parseHash(text.trim().toLowerCase()), `${what}: 64 hexadecimal digits`);
}

/** Bytes in the code that a device shows. */
const DEVICE_CODE_BYTES = 20;

/** The code that a device shows. Error: UsageError for a slip in it. */
export function readDeviceCode(text: string): string {
  return parsed(() => {
    decodePaperCode(text, DEVICE_CODE_BYTES);
    return text;
  }, "the code does not hold: compare it with the one that the new device shows");
}

/** Bytes in the code of a slip. */
const SLIP_BYTES = 16;

/** The code of a slip. Error: UsageError for a slip of the pen. */
export function readSlip(text: string): string {
  return parsed(() => {
    decodePaperCode(text, SLIP_BYTES);
    return text;
  }, "--slip: the code does not hold; compare it with your slip");
}

function parsed<T>(parse: () => T, message: string): T {
  try {
    return parse();
  } catch (error) {
    if (error instanceof CoreError) throw new UsageError(message, { cause: error });
    throw error;
  }
}

/** Unix seconds of the beginning of a day, `YYYY-MM-DD`, in UTC. Error: UsageError. */
export function readDay(text: string, option = "until"): number {
  const time = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  if (Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== text)
    throw new UsageError(`--${option}: a day as YYYY-MM-DD`);
  return time / 1000;
}

/** The same of `--until`, which is not over. Error: UsageError. */
export function readComingDay(text: string): number {
  const seconds = readDay(text);
  if ((seconds + DAY_SECONDS) * 1000 <= Date.now())
    throw new UsageError("--until: a day that is not over");
  return seconds;
}

/** Answers from `0,1,2`. Error: UsageError. */
export function readAnswers(text: string): number[] {
  const parts = text.split(",").map((part) => part.trim());
  if (!parts.every((part) => /^\d{1,2}$/.test(part)))
    throw new UsageError(
      "--answers: whole numbers with commas between them, in the order of the items",
    );
  return parts.map(Number);
}
