import { parseId, type FileId } from "@sinetti/core";
import { displayName, type RosterValue } from "@sinetti/practice";
import type { Client } from "../client.ts";
import type { FileRef } from "../fileBook.ts";
import { openFiles } from "../openFiles.ts";
import { readBudget } from "../openings.ts";
import { readRecords } from "./body.ts";
import { readIdentity } from "./identity.ts";
import { listGranted } from "./practiceFiles.ts";
import { findInRoster, putPatients, rosterLine, type Roster } from "./roster.ts";

/** The identity files that colleagues have granted and the roster does not know yet. Nothing is opened for it. */
export async function findGranted({ context }: Client, roster: Roster): Promise<FileRef[]> {
  const known = new Set([...roster.values.values()].flatMap(({ files }) => Object.values(files)));
  const granted = await listGranted(context, "who");
  return granted.filter(({ file, compartment }) => compartment === "identity" && !known.has(file));
}

/** Takes what colleagues have granted since into the roster, as far as the budget leaves room; gives what is left. */
export async function adoptGranted(client: Client, roster: Roster): Promise<FileRef[]> {
  const granted = await findGranted(client, roster);
  await adoptSome(client, roster, granted);
  return granted.filter(({ file }) => !roster.values.has(file));
}

/**
 * Takes granted records into the roster, as many as half of what may still be opened leaves room for: a caseload of forty that
 * was handed over must not cost the openings of the next hours. The rest follows in later sessions, or one by one as they are needed.
 */
async function adoptSome(
  client: Client,
  roster: Roster,
  granted: readonly FileRef[],
): Promise<void> {
  if (granted.length === 0) return;
  const identity = (await readBudget(client.context)).find((each) => each.class === "identity");
  const rooms = (identity?.horizons ?? []).map(({ spent, limit }) => Math.floor(limit / 2) - spent);
  const room = Math.max(0, Math.min(granted.length, ...rooms));
  await adopt(client, roster, granted.slice(0, room));
}

/** Takes one granted record into the roster by the id of its identity or care file; null: there is none. */
export async function adoptOne(
  client: Client,
  roster: Roster,
  id: string,
): Promise<RosterValue | null> {
  const granted = await findGranted(client, roster);
  const identity = granted.some(({ file }) => file === id) ? id : await identityOfCare(client, id);
  const named = granted.find(({ file }) => file === identity);
  if (named !== undefined) await adopt(client, roster, [named]);
  return findInRoster(roster, id);
}

/** What a granted care file says of its patient's identity file; null: it is not granted, or says nothing. */
async function identityOfCare({ context }: Client, id: string): Promise<string | null> {
  const care = (await listGranted(context, "what")).find(({ file }) => file === id);
  if (care?.compartment !== "care") return null;
  const [opened] = await openFiles(context, [care], { purpose: "preparation" });
  if (opened === undefined || opened.file === null) return null;
  const records = readRecords(context, opened.file, { compartment: "care" });
  const links = records.findLast(({ body }) => body.type === "links")?.body;
  return links?.type === "links" ? (links.identity ?? null) : null;
}

/** Opens identities for their names and what they link to; whom the gate does not release now stays for later. */
async function adopt(client: Client, roster: Roster, refs: readonly FileRef[]): Promise<void> {
  const { context } = client;
  const opened = await openFiles(context, refs, { purpose: "preparation" });
  const lines = opened.flatMap(({ file }) => {
    if (file === null) return [];
    const { person, links } = readIdentity(context, file);
    if (person === undefined) return [];
    const care = links.care === undefined ? null : parseId<FileId>(links.care);
    return [rosterLine(file.file, { name: displayName(person), care, person })];
  });
  await putPatients(context, roster, lines);
}
