import { RIGHTS, VAULT_ROUTES, parseId, type Compartment, type FileId } from "@sinetti/core";
import type { Context } from "../context.ts";
import type { FileRef } from "../fileBook.ts";

/** A file that this member holds a grant on. */
export interface GrantedFile extends FileRef {
  readonly compartment: Compartment;
  readonly rights: number;
  /** Week on whose Monday the grant ends; 0: never. */
  readonly expires: number;
}

/** The files that this member may open in a vault, page by page; nothing is opened for it. */
export async function listGranted(context: Context, vault: "who" | "what"): Promise<GrantedFile[]> {
  const granted: GrantedFile[] = [];
  let after: FileId | null = null;
  for (let more = true; more;) {
    const {
      answer,
    }: {
      answer: {
        files: { file: FileId; compartment: Compartment; rights: number; expires: number }[];
        more: boolean;
      };
    } = await context.services.call(vault, VAULT_ROUTES.fileList, { after });
    granted.push(
      ...answer.files.map(({ file, compartment, rights, expires }) => ({
        file,
        vault,
        compartment,
        rights,
        expires,
      })),
    );
    after = granted.at(-1)?.file ?? null;
    more = answer.more && answer.files.length > 0;
  }
  return granted;
}

/** The one file of a compartment that belongs to the practice or to this member (directory, roster); null: none yet. */
export async function findOwnFile(
  context: Context,
  compartment: "directory" | "roster",
): Promise<FileRef | null> {
  const cell = `own/${compartment}`;
  const kept = await context.device.read(cell);
  if (kept !== null) return { file: parseId<FileId>(new TextDecoder().decode(kept)), vault: "who" };
  // Whom the trustees brought in reads everybody's roster; their own is the one they write.
  const needed = compartment === "roster" ? RIGHTS.write : RIGHTS.read;
  const found = (await listGranted(context, "who")).find(
    (file) => file.compartment === compartment && (file.rights & needed) !== 0,
  );
  if (found === undefined) return null;
  await rememberOwnFile(context, compartment, found.file);
  return { file: found.file, vault: "who" };
}

/** Keeps, sealed, which file it is. */
export async function rememberOwnFile(
  context: Context,
  compartment: "directory" | "roster",
  file: FileId,
): Promise<void> {
  await context.device.write([
    context.device.seal(`own/${compartment}`, new TextEncoder().encode(file)),
  ]);
}
