import {
  ClientError,
  openFiles,
  readEntries,
  type Client,
  type FileRef,
  type KnownFile,
} from "@sinetti/client";
import { CoreError, bytesToHex } from "@sinetti/core";

/** What came of one lie at a client. Believed: it took something for true that nobody of the practice has signed there. */
export type Outcome = "believed" | "stopped" | "withheld" | "unchanged";

/** One thing that a thief tried. */
export interface Attempt {
  readonly name: string;
  readonly outcome: Outcome;
  /** Whether fsck named the change; null: nothing lay in a database that fsck could see. */
  readonly named: boolean | null;
}

/** The attempts of a thief, counted. */
export interface AttemptYields {
  readonly attempts: number;
  readonly believed: number;
  readonly stopped: number;
  /** The client got less than there is, or nothing, and nothing false. */
  readonly withheld: number;
  /** The client saw what is true all the same. */
  readonly unchanged: number;
  /** Attempts that left their trace in a database. */
  readonly inRows: number;
  readonly namedByFsck: number;
  readonly list: readonly Attempt[];
}

/** Counts attempts. */
export function countAttempts(list: readonly Attempt[]): AttemptYields {
  const of = (outcome: Outcome): number => list.filter((each) => each.outcome === outcome).length;
  return {
    attempts: list.length,
    believed: of("believed"),
    stopped: of("stopped"),
    withheld: of("withheld"),
    unchanged: of("unchanged"),
    inRows: list.filter(({ named }) => named !== null).length,
    namedByFsck: list.filter(({ named }) => named === true).length,
    list,
  };
}

/** Everything that a client says of a record: its entries in order with their authors, and who may do what. */
export interface Seen {
  readonly entries: readonly string[];
  readonly access: string;
}

/** A record as a client shows it. */
export function seeFile({ context }: Client, file: KnownFile): Seen {
  const entries = readEntries(context, file).map((entry) =>
    JSON.stringify({ ...entry, body: bytesToHex(entry.body) }),
  );
  const { heads, grants, epochs, phases, compartment } = file.access;
  const sealed = epochs.map(({ commit, epoch }) => `${epoch} ${bytesToHex(commit)}`);
  return { entries, access: JSON.stringify([heads, grants, sealed, phases, compartment]) };
}

/** Opens records and gives what is seen of each; null: the services gave nothing. */
export async function seeFiles(client: Client, refs: readonly FileRef[]): Promise<(Seen | null)[]> {
  const opened = await openFiles(client.context, refs, { purpose: "session" });
  return opened.map(({ file }) => (file === null ? null : seeFile(client, file)));
}

function compare(seen: Seen | null, honest: Seen | undefined): Outcome {
  if (honest === undefined) throw new TypeError("what is true is seen first");
  if (seen === null) return "withheld";
  if (seen.access !== honest.access) return "believed";
  const isPrefix = seen.entries.every((entry, index) => entry === honest.entries[index]);
  if (!isPrefix) return "believed";
  return seen.entries.length === honest.entries.length ? "unchanged" : "withheld";
}

const WORST: readonly Outcome[] = ["believed", "stopped", "withheld", "unchanged"];

/** What a client makes of records that somebody has worked on, beside what is true. */
export async function judge(
  look: () => Promise<readonly (Seen | null)[]>,
  honest: readonly Seen[],
): Promise<Outcome> {
  try {
    const outcomes = (await look()).map((seen, index) => compare(seen, honest[index]));
    return WORST.find((outcome) => outcomes.includes(outcome)) ?? "withheld";
  } catch (error) {
    return outcomeOf(error);
  }
}

/** How a client that did not go on has ended; an error of anybody else is one of the drill. */
export function outcomeOf(error: unknown): Outcome {
  if (error instanceof ClientError)
    return error.code === "verification-failed" ? "stopped" : "withheld";
  if (error instanceof CoreError) return "stopped";
  throw error;
}
