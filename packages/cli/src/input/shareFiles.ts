import { existsSync, readFileSync, statSync } from "node:fs";

import {
  GROUPS_PER_LINE,
  findShareCode,
  joinRecoveryShares,
  parseRecoveryShare,
  type RecoveryShare,
  type ShareCodeFault,
  type ShareFault,
} from "@sinetti/core/secret";
import type { Secret } from "@sinetti/core";

import { InputError } from "../inputError.ts";

const MOST_BYTES = 256 * 1024;

/** A share with what a person knows it by; a code that was typed is never shown again. */
export interface GivenShare {
  readonly source: string;
  readonly share: RecoveryShare;
}

/** Shares from text files or as they were typed. Error: InputError naming the share, and the groups that are wrong. */
export function readShares(given: readonly string[]): GivenShare[] {
  return given.map((each, index) => {
    const isFile = existsSync(each);
    const source = isFile ? each : `share ${index + 1} as typed`;
    const parsed = parseRecoveryShare(findShareCode(isFile ? readPage(each) : each));
    if (!parsed.ok) throw new InputError(source, describeCode(parsed.fault));
    return { source, share: parsed.share };
  });
}

function readPage(path: string): string {
  if (path.toLowerCase().endsWith(".pdf"))
    throw new InputError(path, "a PDF is for reading: give the text file, or type the code");
  try {
    if (statSync(path).size > MOST_BYTES) throw new InputError(path, "the file is too large");
    return readFileSync(path, "utf8");
  } catch (cause) {
    if (cause instanceof InputError) throw cause;
    throw new InputError(path, "the file cannot be read", { cause });
  }
}

function describeCode(fault: ShareCodeFault): string {
  if (fault.code === "share-cut")
    return `the share has ${fault.characters} of ${fault.needed} characters`;
  if (fault.code === "unknown-version")
    return "the share is of a version that this program does not know";
  if (fault.groups.length === 0)
    return "the share is damaged, and no group shows where: compare all of it";
  const places = fault.groups.map((group) => {
    const line = Math.ceil(group / GROUPS_PER_LINE);
    return `line ${line}, group ${group - (line - 1) * GROUPS_PER_LINE}`;
  });
  return `the share is damaged: ${places.join("; ")}`;
}

/** The secret that the shares give. Error: InputError naming the share that does not fit, or how many are missing. */
export async function joinShares(given: readonly GivenShare[]): Promise<Secret<"recovery">> {
  const joined = await joinRecoveryShares(given.map(({ share }) => share));
  if (joined.ok) return joined.secret;
  const { fault } = joined;
  throw new InputError(sourceOf(given, fault), describeJoin(fault));
}

function sourceOf(given: readonly GivenShare[], fault: ShareFault): string {
  if (!("number" in fault)) return "the shares";
  return given.findLast(({ share }) => share.number === fault.number)?.source ?? "the shares";
}

const JOIN_FAULTS: Record<Exclude<ShareFault["code"], "shares-missing">, string> = {
  "share-of-another-practice": "this share is of another practice",
  "share-of-another-secret":
    "this share is of another secret of the practice: one that was replaced, or has replaced it",
  "share-of-another-split":
    "this share was made at another time than the first one: shares of two splits do not join",
  "share-repeated": "this share was given twice",
  "wrong-secret": "one of the shares is false: together they do not give the secret that they name",
};

function describeJoin(fault: ShareFault): string {
  if (fault.code !== "shares-missing") return JOIN_FAULTS[fault.code];
  return `${fault.missing} more ${fault.missing === 1 ? "share is" : "shares are"} needed`;
}
