import {
  CoreError,
  GATE_ROUTES,
  applyAccessStatement,
  readStatement,
  startAccess,
  vaultOf,
  type AccessState,
  type FileId,
} from "@sinetti/core";
import type { Context } from "./context.ts";
import { ClientError, hardStop, isRefusal } from "./errors.ts";
import { fetchFiles } from "./fetchFiles.ts";

/** A file's access chain as verified here, for acts that need no key. */
export interface HeldAccess {
  readonly file: FileId;
  readonly vault: "who" | "what";
  readonly access: AccessState;
}

/**
 * The newest access chain of a file: from its vault for who may read the file, else folded from the gate's, as for a privacy
 * officer who looks after access without being able to open anything. Error: `unknown-record`.
 */
export async function readAccess(context: Context, file: FileId): Promise<HeldAccess> {
  await context.practice.sync(context.services);
  const known = await context.files.get({ file });
  if (known !== null) {
    const fetched = await fetchFiles(context, [known], { boxes: false });
    if (fetched.has(file)) return known;
  }
  return foldFromGate(context, file);
}

async function foldFromGate(context: Context, file: FileId): Promise<HeldAccess> {
  let access: AccessState | null = null;
  for (let more = true, from = 0; more;) {
    const { answer } = await readPage(context, file, from);
    access = foldAccess(
      context,
      access,
      answer.links.map(({ statement }) => statement),
    );
    from += answer.links.length;
    more = answer.more && answer.links.length > 0;
  }
  if (access === null || access.file !== file) throw new ClientError("unknown-record");
  return { file, vault: vaultOf(access.compartment), access };
}

async function readPage(context: Context, file: FileId, from: number) {
  try {
    return await context.services.call("gate", GATE_ROUTES.accessRead, { file, from });
  } catch (error) {
    if (isRefusal(error, "unknown-file", "not-granted"))
      throw new ClientError("unknown-record", { cause: error });
    throw error;
  }
}

/** Folds statements of one access chain, as a service gave them, onto what is known of it. Error: `verification-failed`. */
export function foldAccess(
  context: Context,
  before: AccessState | null,
  statements: readonly Uint8Array[],
): AccessState | null {
  const fold = { practice: context.practice.state, week: null };
  let access = before;
  try {
    for (const signed of statements) {
      const link = readStatement(signed);
      if (access === null) access = startAccess(link, fold);
      else applyAccessStatement(access, link, fold);
    }
    return access;
  } catch (error) {
    throw error instanceof CoreError ? hardStop(`chain of a record: ${error.code}`, error) : error;
  }
}
