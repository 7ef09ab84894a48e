import { CoreError, GATE_ROUTES, VAULT_ROUTES, type FileId, type Secret } from "@sinetti/core";
import { lookupToken, openLookupCell, sealLookupCell } from "@sinetti/core/secret";
import {
  lookupFields,
  lookupQuery,
  type LookupField,
  type PatientIdentity,
} from "@sinetti/practice";
import type { Context } from "../context.ts";
import { ClientError } from "../errors.ts";

/** Tokens that one file may add in a day. */
export const TOKENS_PER_FILE = 32;

/** Makes a patient findable by exact name, phone and code, without the servers learning any of them. */
export async function indexPatient(
  context: Context,
  key: Secret<"lookup-site">,
  { file, identity }: { file: FileId; identity: PatientIdentity },
): Promise<void> {
  const terms = lookupFields(identity).slice(0, TOKENS_PER_FILE);
  if (terms.length === 0) return;
  const tokens = terms.map((term) => lookupToken(key, term));
  const { answer } = await context.services.call("gate", GATE_ROUTES.lookup, { file, tokens });
  const cells = terms.flatMap((term, index) => {
    const token = answer.tokens[index];
    return token === undefined ? [] : [{ token, cell: sealLookupCell(key, term, file) }];
  });
  await context.services.call("who", VAULT_ROUTES.lookupPut, { file, cells });
}

/** What is asked for: one exact field. */
export type LookupAsk = Parameters<typeof lookupQuery>[0];

/** The identity files of patients with exactly this name, phone or code; metered by the gate. Error: `input-rejected` for a text that can match nothing. */
export async function findPatients(
  context: Context,
  key: Secret<"lookup-site">,
  ask: LookupAsk,
): Promise<FileId[]> {
  const term = lookupQuery(ask);
  if (term === undefined)
    throw new ClientError("input-rejected", { detail: "nothing to look for" });
  const { answer } = await context.services.call("gate", GATE_ROUTES.lookup, {
    file: null,
    tokens: [lookupToken(key, term)],
  });
  const found = await context.services.call("who", VAULT_ROUTES.lookupFind, {
    tokens: answer.tokens,
  });
  const cells = found.answer.found.flatMap((row) => row.cells);
  return [...new Set(cells.flatMap((cell) => openCell(key, term, cell)))];
}

/** A cell of another term that hashes alike does not open; it is nobody that was asked for. */
function openCell(key: Secret<"lookup-site">, term: LookupField, cell: Uint8Array): FileId[] {
  try {
    return [openLookupCell(key, term, cell)];
  } catch (error) {
    if (error instanceof CoreError && error.code === "open-failed") return [];
    throw error;
  }
}
