import type { Mend } from "../mend.ts";
import type { PracticeWord } from "../policy/approvedPolicy.ts";
import type { Check, Context, Hit } from "./check.ts";

const person = (text: string): Mend => ({ kind: "person", text });

const APPROVE =
  "Read it and what has changed (sinetti posture policy show); then an administrator proposes it " +
  "(sinetti posture policy propose), and a privacy officer approves it (sinetti posture policy approve).";

const UNREADABLE: Hit = {
  object: "statements of the practices",
  severity: "high",
  detail: "The role that looks cannot read what the practices approved.",
  mend: person(
    "As superuser, make posture.practice_chain() again and grant EXECUTE on it to the role that looks; the script of `sinetti serve init` has both, and `sinetti start` does it by itself.",
  ),
};

function wordHits(
  { practice, approved, isNew, isVerified }: PracticeWord,
  sha256: string,
): readonly Hit[] {
  const object = `practice ${practice}`;
  if (!isVerified)
    return [
      {
        object,
        severity: "high",
        detail:
          "Its statements, as this database holds them, do not verify, so nobody knows what it approved.",
        mend: person("Run sinetti fsck; compare the practice chain with that of the gate."),
      },
    ];
  if (approved === sha256) return [];
  if (approved === null)
    return [
      {
        object,
        ...(isNew ? { severity: "low" as const } : {}),
        detail: `It has approved none yet; in use is ${sha256}.`,
        mend: person(APPROVE),
      },
    ];
  return [
    {
      object,
      severity: "high",
      detail: `It approved ${approved}; in use is ${sha256}.`,
      mend: person(`${APPROVE} Or put the file back that was approved.`),
    },
  ];
}

function unapproved({ inUse }: Context): readonly Hit[] {
  if (inUse === null) return [];
  const { sha256, words } = inUse;
  return words === null ? [UNREADABLE] : words.flatMap((word) => wordHits(word, sha256));
}

/** A8: who decided what is declared. */
export const approvalCheck: Check = {
  id: "A8",
  title: "The policy in use is not the one that the practice approved",
  severity: "medium",
  why: "Whoever writes the policy decides what is a fault: what is declared there is never found.",
  how: "of Sinetti's own databases: SHA-256 of the policy's file against what each practice in the database approved, its statements verified from the first one on; high where another one was approved, or statements do not verify or cannot be read; low in the first four weeks of a practice that has approved none",
  mend: "`sinetti posture policy show`; then an administrator proposes it and a privacy officer approves it, or the approved file is put back.",
  find: unapproved,
};
