import { CoreError } from "./errors.ts";
import { base32Value, decodeBase32, encodeBase32, normaliseTyped } from "./paperCode.ts";
import {
  SHARE_BYTES,
  decodeRecoveryShare,
  encodeRecoveryShare,
  type RecoveryShare,
} from "./recoveryShare.ts";

/** Characters of a group before the one that checks them. */
const GROUP_CONTENT = 3;
const GROUP = GROUP_CONTENT + 1;
/** Groups that are printed in a line. */
export const GROUPS_PER_LINE = 6;
const CONTENT_CHARACTERS = Math.ceil((SHARE_BYTES * 8) / 5);
/** Groups of a whole share: 54, nine lines. */
export const SHARE_GROUPS = Math.ceil(CONTENT_CHARACTERS / GROUP_CONTENT);
/** What fills the last group. */
const FILLING = "0";

/** The alphabet's character for a value. */
function toCharacter(value: number): string {
  return encodeBase32(Uint8Array.of(value << 3)).slice(0, 1);
}

/**
 * The fourth character of a group: each weight is odd, so one wrong character never passes, and the place counts, so two
 * groups that changed places do not pass either unless they are 32 apart.
 */
function checkOfGroup(content: string, index: number): string {
  const values = Array.from(content, (character) => base32Value(character));
  if (values.includes(-1)) return "";
  const [a = 0, b = 0, c = 0] = values;
  return toCharacter((7 * index + a + 3 * b + 5 * c) % 32);
}

/** A share as it is printed: nine lines of six groups of four, in each group the fourth character a check on the others. */
export function printRecoveryShare(share: RecoveryShare): string[] {
  const text = encodeBase32(encodeRecoveryShare(share)).padEnd(
    SHARE_GROUPS * GROUP_CONTENT,
    FILLING,
  );
  const groups = Array.from({ length: SHARE_GROUPS }, (_, index) => {
    const content = text.slice(index * GROUP_CONTENT, (index + 1) * GROUP_CONTENT);
    return content + checkOfGroup(content, index);
  });
  return Array.from({ length: SHARE_GROUPS / GROUPS_PER_LINE }, (_, line) =>
    groups.slice(line * GROUPS_PER_LINE, (line + 1) * GROUPS_PER_LINE).join("-"),
  );
}

/** Why a share cannot be read; `groups` are those that are damaged, from 1. */
export type ShareCodeFault =
  | { readonly code: "share-damaged"; readonly groups: readonly number[] }
  | { readonly code: "share-cut"; readonly characters: number; readonly needed: number }
  | { readonly code: "unknown-version" };

/** Reads a share as it was typed or scanned; says which groups are damaged as far as their checks tell, none when only the whole is. */
export function parseRecoveryShare(
  text: string,
): { ok: true; share: RecoveryShare } | { ok: false; fault: ShareCodeFault } {
  const plain = normaliseTyped(text);
  const needed = SHARE_GROUPS * GROUP;
  if (plain.length !== needed)
    return { ok: false, fault: { code: "share-cut", characters: plain.length, needed } };
  const groups = Array.from({ length: SHARE_GROUPS }, (_, index) =>
    plain.slice(index * GROUP, (index + 1) * GROUP),
  );
  const contents = groups.map((group) => group.slice(0, GROUP_CONTENT));
  const damaged = groups.flatMap((group, index) =>
    group === `${contents[index]}${checkOfGroup(contents[index] ?? "", index)}` ? [] : [index + 1],
  );
  if (damaged.length > 0) return { ok: false, fault: { code: "share-damaged", groups: damaged } };
  try {
    const content = contents.join("");
    const bytes = decodeBase32(content.slice(0, CONTENT_CHARACTERS), SHARE_BYTES);
    const isFilled =
      content.slice(CONTENT_CHARACTERS) === FILLING.repeat(content.length - CONTENT_CHARACTERS);
    if (!isFilled) return { ok: false, fault: { code: "share-damaged", groups: [SHARE_GROUPS] } };
    return { ok: true, share: decodeRecoveryShare(bytes) };
  } catch (error) {
    if (!(error instanceof CoreError)) throw error;
    if (error.code === "unknown-version") return { ok: false, fault: { code: "unknown-version" } };
    return { ok: false, fault: { code: "share-damaged", groups: [] } };
  }
}

const LINE = new RegExp(`(?:[^\\s-]{${GROUP}}-){${GROUPS_PER_LINE - 1}}[^\\s-]{${GROUP}}`, "g");

/** The code inside a written page: its lines of groups; the text itself where there is none. */
export function findShareCode(text: string): string {
  return text.match(LINE)?.join("\n") ?? text;
}
