import { bytesToId, randomBytes, type FileId } from "@sinetti/core";
import { generateEntryId } from "@sinetti/core/secret";
import type { EntryBody } from "@sinetti/practice";
import type { Client } from "../client.ts";
import { createFiles } from "../createFiles.ts";
import { ClientError } from "../errors.ts";
import { appendInBatches } from "./appendInBatches.ts";
import { authorTime, encodeBody } from "./body.ts";
import { patientFiles } from "./patients.ts";

/**
 * Makes the care file of an invented patient, held by this therapist like any other, with `records` in it so that its size is no sign. It has
 * no identity file, no line in the caseload and nothing in the lookup, so only who goes through the grants themselves meets it; nothing of it
 * stays on this device. A privacy officer then flags it with `setCanary`. Error: `refused` for who is no therapist.
 */
export async function prepareCanary(
  client: Client,
  records: readonly EntryBody<"care">[],
): Promise<FileId> {
  const { context, roles } = client;
  if (!roles.includes("therapist"))
    throw new ClientError("refused", { detail: "only a therapist has care files" });
  const at = authorTime(context);
  const relationship: EntryBody<"care"> = {
    v: 1,
    type: "careRelationship",
    at,
    status: "active",
    from: at.slice(0, 10),
    therapist: client.member,
    kinds: [],
  };
  const isRelated = records.some(({ type }) => type === "careRelationship");
  const bodies: EntryBody<"care">[] = [
    { v: 1, type: "links", at, identity: bytesToId<FileId>(randomBytes(16)) },
    ...(isRelated ? [] : [relationship]),
    ...records,
  ];
  const sealed = bodies.map((body) => ({
    id: generateEntryId(),
    class: "entry" as const,
    body: encodeBody("care", body),
  }));
  const [file] = await createFiles(context, [patientFiles(client).care]);
  if (file === undefined) throw new TypeError("no file was created");
  await appendInBatches(context, "what", [{ file: file.file, entries: sealed }]);
  await forget(client, file.file);
  return file.file;
}

async function forget({ context }: Client, file: FileId): Promise<void> {
  context.files.forget(file);
  const cells = await context.device.list(`file/${file}/`);
  await context.device.write(cells.map((name) => ({ name, value: null })));
}
