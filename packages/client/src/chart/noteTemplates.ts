import {
  NOTE_TEMPLATES,
  findNoteTemplate,
  parseEntryBody,
  type NoteContent,
  type NoteTemplate,
} from "@sinetti/practice";
import type { Client } from "../client.ts";
import { ClientError } from "../errors.ts";
import { openDirectory } from "../records/directory.ts";
import { changeFolded } from "../records/folded.ts";
import { leasedDirectory } from "./leased.ts";

/** The templates of notes: those of every practice, then the practice's own, retired ones among them. */
export async function listTemplates(client: Client): Promise<readonly NoteTemplate[]> {
  const { values } = await leasedDirectory(client);
  const own = [...values.values()].flatMap((value) =>
    value.kind === "template" ? [value.template] : [],
  );
  return [...NOTE_TEMPLATES, ...own];
}

/** One template, from this device where it is one of every practice. Error: `input-rejected`. */
export async function findTemplate(client: Client, id: string): Promise<NoteTemplate> {
  const found =
    findNoteTemplate(id) ?? (await listTemplates(client)).find((each) => each.id === id);
  if (found === undefined) throw new ClientError("input-rejected", { detail: "template: unknown" });
  return found;
}

/** The template that a draft was begun on, as it stood then. Error: `input-rejected`. */
export async function templateOf(
  client: Client,
  { template, form }: Pick<NoteContent, "template" | "form">,
): Promise<NoteTemplate> {
  return findNoteTemplate(template) ?? form ?? findTemplate(client, template);
}

/**
 * Puts a template of the practice into its directory, or a new version of one; for who may write there, an administrator. Errors:
 * `input-rejected` for the id of a template that every practice has, `record-invalid` of practice, `refused`.
 */
export async function putTemplate(
  client: Client,
  template: Omit<NoteTemplate, "v">,
): Promise<NoteTemplate> {
  if (findNoteTemplate(template.id) !== undefined)
    throw new ClientError("input-rejected", {
      detail: "id: every practice has a template of this id",
    });
  const directory = await openDirectory(client.context);
  const key = `template/${template.id}`;
  const before = directory.values.get(key);
  const v = before?.kind === "template" ? before.template.v + 1 : 1;
  const value = { kind: "template" as const, template: { ...template, v } };
  parseEntryBody("directory", { v: 1, at: new Date(0).toISOString(), op: "put", key, value });
  await changeFolded(client.context, directory, {
    compartment: "directory",
    changes: [{ key, value }],
  });
  return value.template;
}

/** Offers a template of the practice for no new note any more, or again; what was written on it stays. Error: `unknown-record`. */
export async function retireTemplate(
  client: Client,
  id: string,
  { isRetired }: { isRetired: boolean },
): Promise<void> {
  const directory = await openDirectory(client.context);
  const held = directory.values.get(`template/${id}`);
  if (held?.kind !== "template") throw new ClientError("unknown-record");
  const { v: _v, retired: _retired, ...template } = held.template;
  await putTemplate(client, { ...template, ...(isRetired && { retired: true as const }) });
}
