import { listenForHints, openDirectory, type Client, type HeardHint } from "@sinetti/client";
import type { FileId } from "@sinetti/core";

import { faultOf } from "./faultOf.ts";

/** What screens are about: the first part of a view's key. */
export type Topic =
  | "me"
  | "people"
  | "caseload"
  | "today"
  | "supervision"
  | "calendar"
  | "record"
  | "office"
  | "invoices"
  | "approvals"
  | "templates";

const ALL: readonly Topic[] = [
  "me",
  "people",
  "caseload",
  "today",
  "supervision",
  "calendar",
  "record",
  "office",
  "invoices",
  "approvals",
  "templates",
];

const TOPICS_BY_COMPARTMENT: Readonly<Record<string, readonly Topic[]>> = {
  directory: ["people", "me", "templates", "record"],
  roster: ["caseload", "today"],
  schedule: ["calendar", "today"],
  ledger: ["invoices"],
  office: ["office", "record"],
  identity: ["record", "office"],
  care: ["record", "today", "supervision"],
  portal: ["record", "today"],
  process: ["record"],
};
/** A file that this device has not seen yet: a record that somebody has granted, a month or a ledger that somebody has begun. */
const NEW: readonly Topic[] = ["caseload", "supervision", "calendar", "invoices"];

/** Who is told of what was heard. */
export interface Listener {
  readonly onTopics: (topics: readonly Topic[]) => void;
  /** A check failed while looking after a hint. */
  readonly onHardStop: () => void;
}

/** Tells which screens to fetch again whenever a service says that something changed; until `signal` aborts. */
export async function listenForTopics(
  client: Client,
  { onTopics, onHardStop }: Listener,
  signal: AbortSignal,
): Promise<void> {
  const hear = async (hint: HeardHint): Promise<void> => {
    try {
      const topics = await topicsOf(client, hint);
      if (topics.length > 0 && !signal.aborted) onTopics(topics);
    } catch (error) {
      // A service that is silent now says so again by its next stream; only a failed check is news.
      if (faultOf(error).isHardStop && !signal.aborted) onHardStop();
    }
  };
  // One after the other: a stop that follows a change is told after it.
  let turn = Promise.resolve();
  const onHint = (hint: HeardHint): void => {
    turn = turn.then(() => hear(hint));
  };
  await listenForHints(client.context, onHint, { signal });
}

async function topicsOf(client: Client, hint: HeardHint): Promise<readonly Topic[]> {
  if (hint.all) return ALL;
  const topics = new Set<Topic>();
  const add = (more: readonly Topic[]): void => more.forEach((each) => topics.add(each));
  for (const file of hint.files) add(await topicsOfFile(client, file));
  if (hint.practice) {
    await client.context.practice.sync(client.context.services);
    add(["me", "people", "approvals"]);
  }
  if (hint.stops) add(["me", "people", "supervision"]);
  if (hint.orders) add(["approvals"]);
  return [...topics];
}

async function topicsOfFile({ context }: Client, file: FileId): Promise<readonly Topic[]> {
  const known = await context.files.get({ file });
  if (known === null) return NEW;
  const { compartment } = known.access;
  if (compartment === "directory") await refreshDirectory(context);
  return TOPICS_BY_COMPARTMENT[compartment] ?? NEW;
}

/** Notes are written on what this device holds of the directory: a new template is to be among it. */
async function refreshDirectory(context: Client["context"]): Promise<void> {
  try {
    await openDirectory(context);
  } catch (error) {
    // Frozen, or a service is silent: what is held stays until the next session.
    if (faultOf(error).isHardStop) throw error;
  }
}
