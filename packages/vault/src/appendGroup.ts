import type { EntryId, FileId, Hash, RecordState } from "@sinetti/core";

import type { AccessStates } from "./accessStates.ts";
import type { AppendJob } from "./appendQueue.ts";
import { checkStanding, deviceOf } from "./call.ts";
import { carriedBy, checkAppend, type PreparedAppend } from "./policy/appendCheck.ts";
import type { Held } from "./practiceStates.ts";
import { checkRight } from "./policy/fileRights.ts";
import { atItem, refuse, toRefusal } from "./problem.ts";
import { attachmentKey } from "./store/attachments.ts";
import type { FileRow } from "./store/files.ts";
import type { DecidedAppends, RecordLink } from "./store/records.ts";

/** What is known when a group of appends is decided on. */
export interface Known {
  readonly accessStates: AccessStates;
  readonly held: Held;
  readonly rows: ReadonlyMap<FileId, FileRow>;
  /** Hashes that stand at places which the appends claim. */
  readonly standing: Set<Hash>;
  /** Entries that stand already, as `entryKey` names them. */
  readonly entries: Set<string>;
  /** Hashes over the chunks of the attachments that the appends carry, as `attachmentKey` names them. */
  readonly chunks: ReadonlyMap<string, Hash>;
}

interface Gathered {
  readonly states: Map<FileId, RecordState>;
  readonly links: RecordLink[];
}

export function entryKey(file: FileId, entry: EntryId): string {
  return `${file}:${entry}`;
}

function decideOne(
  known: Known,
  append: PreparedAppend,
  {
    call,
    states,
    isReturned,
  }: Pick<AppendJob, "call"> & {
    states: (file: FileId) => RecordState | undefined;
    isReturned: boolean;
  },
): { link: RecordLink; next: RecordState } | null {
  const { file, link, body, boxes } = append;
  const row = known.rows.get(file) ?? refuse("unknown-file");
  const record = states(file) ?? row.record;
  const access = known.accessStates.read(row.access.head, row.access.bytes);
  const { held, standing } = known;
  const { week } = call;
  if (isReturned) checkRight(held, access, { member: deviceOf(call).member, week, right: "read" });
  const next = checkAppend(append, { held, access, record, week, standing, isReturned });
  if (next === null) return null;
  const entries = body.entries.map(({ id }) => id);
  if (entries.some((id) => known.entries.has(entryKey(file, id)))) refuse("duplicate-entry");
  for (const { attachment, chunks } of isReturned ? [] : carriedBy(append))
    if (known.chunks.get(attachmentKey(file, attachment)) !== chunks) refuse("chunks-missing");
  const { seq } = link.statement;
  const written = { file, seq, hash: link.hash, statement: link.signed, entries, boxes };
  return { link: written, next };
}

/** Decides on one request: all of its appends or none. */
function decideJob(known: Known, job: AppendJob, gathered: Gathered): void {
  const { call, appends } = job;
  const isReturned = job.isReturned === true;
  if (isReturned && known.held.restore === null) refuse("not-authorised");
  checkStanding(known.held, call.caller);
  deviceOf(call);
  const own = new Map<FileId, RecordState>();
  const keys = new Set<string>();
  const links: RecordLink[] = [];
  const states = (file: FileId): RecordState | undefined =>
    own.get(file) ?? gathered.states.get(file);
  for (const [index, append] of appends.entries()) {
    atItem(index, () => {
      const decided = decideOne(known, append, { call, states, isReturned });
      if (decided === null) return;
      const { link, next } = decided;
      for (const key of link.entries.map((entry) => entryKey(link.file, entry))) {
        if (keys.has(key)) refuse("duplicate-entry");
        keys.add(key);
      }
      own.set(link.file, next);
      links.push(link);
    });
  }
  for (const [file, state] of own) gathered.states.set(file, state);
  for (const key of keys) known.entries.add(key);
  for (const { hash } of links) known.standing.add(hash);
  gathered.links.push(...links);
}

/** What a group of requests leads to: what to write, and for each request why not. */
export function decideGroup(
  known: Known,
  jobs: readonly AppendJob[],
): { decided: DecidedAppends; outcomes: (Error | undefined)[] } {
  const gathered: Gathered = { states: new Map(), links: [] };
  const outcomes = jobs.map((job) => {
    try {
      decideJob(known, job, gathered);
      return undefined;
    } catch (error) {
      return toRefusal(error);
    }
  });
  const { states, links } = gathered;
  const files = [...states].flatMap(([file, state]) => {
    const row = known.rows.get(file);
    return row === undefined ? [] : [{ row, state }];
  });
  return { decided: { mark: known.held.mark, files, links }, outcomes };
}
