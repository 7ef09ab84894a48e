import { createHash } from "node:crypto";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";

import { CoreError, bytesToHex, hexToBytes, toSignPublicKey, verifyDocument } from "@sinetti/core";
import { signDocument, type SignKey } from "@sinetti/core/secret";
import {
  policyRejectionText,
  readPlan,
  statementBytes,
  statementSchema,
  type DeploymentPlan,
  type DeploymentStatement,
  type HostWord,
} from "@sinetti/posture";
import { z } from "zod";

import { readBytes } from "../input/readBytes.ts";
import { InputError } from "../inputError.ts";
import { writeSecretFile } from "../start/secretFile.ts";

const fileSchema = z.strictObject({
  statement: statementSchema,
  /** Null: the host has no key. */
  signature: z
    .string()
    .regex(/^([0-9a-f]{2}){65,1000}$/)
    .nullable(),
});
type SignedStatement = z.infer<typeof fileSchema>;

/** A plan with the hash that statements name it by. */
export interface ReadPlan {
  readonly plan: DeploymentPlan;
  readonly sha256: string;
}

/** Reads a plan. Error: InputError with every line that is wrong. */
export function readPlanFile(path: string): ReadPlan {
  const bytes = readBytes(path);
  const read = readPlan(new TextDecoder().decode(bytes));
  if (!read.ok)
    throw new InputError(path, "the plan is not taken", {
      fields: read.rejections.map(policyRejectionText),
    });
  return { plan: read.value, sha256: createHash("sha256").update(bytes).digest("hex") };
}

/** Writes what a host says, signed where it has a key, whole or not at all. */
export function writeStatement(
  path: string,
  statement: DeploymentStatement,
  key: SignKey | null,
): void {
  const signature =
    key === null
      ? null
      : bytesToHex(signDocument("deploymentStatement", statementBytes(statement), key));
  writeSecretFile(path, JSON.stringify({ statement, signature }, null, 1));
}

/** What a file says. Error: InputError with every field that is wrong. */
export function readStatementFile(path: string): SignedStatement {
  let content: unknown;
  try {
    content = JSON.parse(new TextDecoder().decode(readBytes(path)));
  } catch (cause) {
    if (cause instanceof InputError) throw cause;
    throw new InputError(path, "the statement is not JSON", { cause });
  }
  const parsed = fileSchema.safeParse(content);
  if (parsed.success) return parsed.data;
  const fields = parsed.error.issues.map(
    ({ path: at, message }) => `${at.join(".") || "."}: ${message}`,
  );
  throw new InputError(path, "this is no statement of a host", { fields });
}

/** Whether the host of the plan has signed it. */
function signatureOf(
  { statement, signature }: SignedStatement,
  plan: DeploymentPlan,
): HostWord["signature"] {
  const key = plan.hosts[statement.host]?.key;
  if (key === undefined) return "unsigned";
  if (signature === null) return "bad";
  try {
    verifyDocument("deploymentStatement", hexToBytes(signature), {
      document: statementBytes(statement),
      key: toSignPublicKey(hexToBytes(key)),
    });
    return "good";
  } catch (error) {
    if (error instanceof CoreError) return "bad";
    throw error;
  }
}

/** A statement, verified against a plan. */
export function wordOf(signed: SignedStatement, { plan, sha256 }: ReadPlan): HostWord {
  const { statement } = signed;
  return {
    host: statement.host,
    statement,
    signature: signatureOf(signed, plan),
    isOfPlan: statement.plan === sha256,
  };
}

const AHEAD_MS = 3_600_000;

/** Of each host the newest good word; one that is forged, or dated ahead, hides none that is good. */
export function newestWords(words: readonly HostWord[], now: Date): HostWord[] {
  const timeOf = ({ statement }: HostWord): number => Date.parse(statement?.at ?? "");
  const worth = (word: HostWord): number => {
    if (word.signature === "bad") return 0;
    return timeOf(word) > now.getTime() + AHEAD_MS ? 1 : 2;
  };
  return [...Map.groupBy(words, ({ host }) => host).values()].flatMap((own) =>
    own
      .toSorted((one, other) => worth(other) - worth(one) || timeOf(other) - timeOf(one))
      .slice(0, 1),
  );
}

/** The newest good word of each host among the statements of a folder. */
export function readWords(folder: string, read: ReadPlan, now: Date): HostWord[] {
  const files = existsSync(folder)
    ? readdirSync(folder).filter((name) => name.endsWith(".json"))
    : [];
  const words = files.map((name) => wordOf(readStatementFile(join(folder, name)), read));
  return newestWords(words, now);
}
