import {
  memberName,
  readPolicyFile,
  type Client,
  type Directory,
  type PolicyProposal,
} from "@sinetti/client";
import {
  SERVICES,
  approvedPolicy,
  weekStart,
  type Hash,
  type MemberId,
  type ServiceName,
} from "@sinetti/core";
import { policyChanges, type PolicyChanges } from "@sinetti/posture";

import { InputError } from "../inputError.ts";
import { declaredPolicy, shippedPolicy, type DeclaredPolicy } from "./declaredPolicy.ts";
import { plain } from "./postureText.ts";

/** The policy of one database: the file here, what the practice approved, and what is proposed. */
export interface PolicyRow {
  readonly database: ServiceName;
  readonly file: { readonly path: string; readonly sha256: Hash };
  readonly approved: {
    readonly sha256: Hash;
    readonly by: MemberId;
    readonly approvers: readonly MemberId[];
    /** Monday of the week in which it was. */
    readonly week: string;
  } | null;
  /** Whether the file here is the one that the practice approved. */
  readonly isApproved: boolean;
  readonly proposals: readonly PolicyProposal[];
  /** From the approved one to the file here; null: none is approved, or nobody here has its text. */
  readonly changes: PolicyChanges | null;
}

/** A text that has this hash: among the shipped ones, in a file that was given, or as this device kept it. */
async function findText(
  { context }: Client,
  sha256: Hash,
  against: DeclaredPolicy | null,
): Promise<DeclaredPolicy | null> {
  const given = [...SERVICES.map(shippedPolicy), ...(against === null ? [] : [against])];
  const found = given.find((one) => one.sha256 === sha256);
  if (found !== undefined) return found;
  const kept = await readPolicyFile(context, sha256);
  if (kept === null) return null;
  try {
    return declaredPolicy(kept, sha256);
  } catch (error) {
    // What an older version took, this one may not.
    if (error instanceof InputError) return null;
    throw error;
  }
}

/** What stands of the policy of a database. `against`: a copy of the approved file. */
export async function policyRow(
  client: Client,
  { database, file }: { database: ServiceName; file: DeclaredPolicy },
  {
    proposals,
    against = null,
  }: { proposals: readonly PolicyProposal[]; against?: DeclaredPolicy | null },
): Promise<PolicyRow> {
  const approved = approvedPolicy(client.practice, database);
  const before = approved && (await findText(client, approved.policy, against));
  return {
    database,
    file: { path: file.path, sha256: file.sha256 },
    approved: approved && {
      sha256: approved.policy,
      by: approved.by,
      approvers: approved.approvers,
      week: new Date(weekStart(approved.week) * 1000).toISOString().slice(0, 10),
    },
    isApproved: approved?.policy === file.sha256,
    proposals: proposals.filter((one) => one.database === database),
    changes: before && policyChanges(before.policy, file.policy),
  };
}

/** What changed, a line each. */
export function changeLines(changes: PolicyChanges | null): string[] {
  if (changes === null)
    return [
      "  what changed is not known: nobody here has the text of the approved one (--against)",
    ];
  const { added, removed } = changes;
  if (added.length + removed.length === 0)
    return ["  no declaration differs: only comments, order or layout"];
  return [...removed.map((line) => `  - ${line}`), ...added.map((line) => `  + ${line}`)].map(
    plain,
  );
}

/** A row as lines for people. */
export function policyLines(row: PolicyRow, directory: Directory | null): string[] {
  const { database, file, approved, isApproved, proposals, changes } = row;
  const nameOf = (member: MemberId | null): string =>
    (member && directory && memberName(directory, member)) ?? member ?? "nobody";
  const withWhom = approved?.approvers.map(nameOf).join(", ") ?? "";
  const who =
    approved === null
      ? `${database}: no policy is approved`
      : `${database}: ${approved.sha256} was approved in the week of ${approved.week}, proposed by ${nameOf(approved.by)}` +
        (withWhom === "" ? ", without a second person" : `, approved by ${withWhom}`);
  const here = isApproved ? "it is the file here" : `the file here is ${file.sha256}`;
  const proposed = proposals.map(({ policy, by, isOvertaken, order }) =>
    isOvertaken
      ? `  ${policy}, proposed by ${nameOf(by)}, is overtaken: sinetti refuse ${order}`
      : `  proposed by ${nameOf(by)}: ${policy}; a privacy officer: sinetti posture policy approve ${database}`,
  );
  return [
    `${who}; ${here}, ${plain(file.path)}`,
    ...(isApproved || approved === null ? [] : changeLines(changes)),
    ...proposed,
  ];
}
