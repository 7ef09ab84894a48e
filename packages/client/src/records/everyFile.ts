import { parseId, type FileId } from "@sinetti/core";
import type { Client } from "../client.ts";
import { ClientError } from "../errors.ts";
import type { FileRef } from "../fileBook.ts";
import { readAccess, type HeldAccess } from "../heldAccess.ts";
import { findPatientFiles } from "./patients.ts";
import { listGranted } from "./practiceFiles.ts";

/** The compartments that a patient has files in beside identity and care. */
const BESIDE = new Set(["office", "portal", "process"]);

/** The files of a patient that this member holds a grant on, with their access chains; `identity` null: another file was named. */
export interface EveryFile {
  readonly identity: FileRef | null;
  readonly files: readonly HeldAccess[];
}

/** A privacy officer holds no file and knows no patient: what they name is one file. */
async function findOneFile(client: Client, id: string): Promise<EveryFile> {
  const held = await readAccess(client.context, parseId<FileId>(id));
  return { identity: held.access.compartment === "identity" ? held : null, files: [held] };
}

/** Every file of a patient, by the case that they share in each vault. Error: `unknown-record`. */
export async function findEveryFile(client: Client, patient: string): Promise<EveryFile> {
  const { context, roles } = client;
  const named = await findPatientFiles(client, patient).catch((error: unknown) => {
    const isOfOthers = error instanceof ClientError && error.code === "unknown-record";
    if (isOfOthers && roles.includes("privacy")) return null;
    throw error;
  });
  if (named === null) return findOneFile(client, patient);
  const found = new Map<FileId, HeldAccess>();
  for (const ref of [named.identity, named.care])
    if (ref !== null) found.set(ref.file, await readAccess(context, ref.file));
  const cases = new Set([...found.values()].map(({ access }) => access.case));
  const granted = [...(await listGranted(context, "who")), ...(await listGranted(context, "what"))];
  for (const { file, compartment } of granted) {
    if (found.has(file) || !BESIDE.has(compartment)) continue;
    const held = await readAccess(context, file);
    if (held.access.case !== null && cases.has(held.access.case)) found.set(file, held);
  }
  return { identity: named.identity, files: [...found.values()] };
}
