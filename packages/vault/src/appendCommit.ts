import type { FileId, Hash, PracticeId } from "@sinetti/core";

import { decideGroup, entryKey, type Known } from "./appendGroup.ts";
import type { AppendJob, CommitGroup } from "./appendQueue.ts";
import { carriedBy } from "./policy/appendCheck.ts";
import { refuse } from "./problem.ts";
import { readChunkHashes } from "./store/attachments.ts";
import { readFiles, type FileRow } from "./store/files.ts";
import {
  readHeldEntries,
  readRecordHashes,
  writeAppends,
  type DecidedAppends,
} from "./store/records.ts";
import { hasMet, inPractice, type Tx } from "./store/transaction.ts";
import type { Vault } from "./vault.ts";

/** What of a vault a commit needs. */
type Parts = Pick<Vault, "sql" | "practices" | "accessStates" | "fileRows" | "metrics" | "hints">;
type Outcomes = (Error | undefined)[];

interface Group {
  readonly practice: PracticeId;
  readonly jobs: readonly AppendJob[];
}

function filesOf({ jobs }: Group): FileId[] {
  return [...new Set(jobs.flatMap(({ appends }) => appends.map(({ file }) => file)))];
}

/** What is written is remembered, and told to whoever listens. */
function keepRows(parts: Parts, { held }: Known, { files }: DecidedAppends): void {
  parts.fileRows.keep(
    held.state.practice,
    files.map(({ row, state }) => ({ ...row, record: state })),
  );
  const states = files.map(({ row: { access } }) =>
    parts.accessStates.read(access.head, access.bytes),
  );
  parts.hints.filesChanged(held, states);
}

/** What memory knows; null when it lacks something. */
async function recall(parts: Parts, group: Group): Promise<Known | null> {
  const { practice, jobs } = group;
  if (jobs.some(({ appends }) => appends.some((append) => carriedBy(append).length > 0)))
    return null;
  const held = await parts.practices.find(practice);
  const rows = new Map<FileId, FileRow>();
  for (const file of filesOf(group)) {
    const row = parts.fileRows.find(practice, file);
    if (row === undefined) return null;
    rows.set(file, row);
  }
  const { accessStates } = parts;
  const none = { standing: new Set<Hash>(), entries: new Set<string>(), chunks: new Map() };
  return held && { accessStates, held, rows, ...none };
}

/** Decides by memory and writes in one statement, which the database refuses when memory was old. Null: nothing is written. */
async function commitRecalled(parts: Parts, group: Group): Promise<Outcomes | null> {
  const known = await recall(parts, group);
  if (known === null) return null;
  const { decided, outcomes } = decideGroup(known, group.jobs);
  if (decided.links.length === 0) return null;
  try {
    if (!(await writeAppends(parts.sql, group.practice, decided))) return null;
  } catch (error) {
    if (hasMet(error)) return null;
    throw error;
  }
  keepRows(parts, known, decided);
  return outcomes;
}

async function readKnown(tx: Tx, parts: Parts, group: Group): Promise<Known> {
  const { practice, jobs } = group;
  const appends = jobs.flatMap((job) => job.appends);
  const named = appends.flatMap(({ file, body }) =>
    body.entries.map(({ id }) => ({ file, entry: id })),
  );
  const [held, rows, entries, chunks] = await Promise.all([
    parts.practices.confirm(tx, practice),
    readFiles(tx, practice, { files: filesOf(group), lock: true }),
    readHeldEntries(tx, practice, named),
    readChunkHashes(tx, practice, appends.flatMap(carriedBy)),
  ]);
  const past = appends
    .map(({ file, link }) => ({ file, seq: link.statement.seq }))
    .filter(({ file, seq }) => seq <= (rows.get(file)?.record.head?.seq ?? -1));
  return {
    accessStates: parts.accessStates,
    held: held ?? refuse("unknown-practice"),
    rows,
    standing: await readRecordHashes(tx, practice, past),
    entries: new Set(entries.map(({ file, entry }) => entryKey(file, entry))),
    chunks,
  };
}

/** Locks, reads, decides and writes in one transaction; whatever refuses, refuses here. */
async function commitLocked(parts: Parts, group: Group): Promise<Outcomes> {
  const { practice } = group;
  const { known, decided, outcomes } = await inPractice(parts.sql, practice, async (tx) => {
    const read = await readKnown(tx, parts, group);
    const result = decideGroup(read, group.jobs);
    const isWritten =
      result.decided.links.length === 0 || (await writeAppends(tx, practice, result.decided));
    return isWritten ? { known: read, ...result } : refuse("unavailable");
  });
  parts.fileRows.keep(practice, known.rows.values());
  keepRows(parts, known, decided);
  return outcomes;
}

/** Commits the appends of one practice that came together; each request is answered for itself. */
export function commitAppends(parts: Parts): CommitGroup {
  return async (jobs) => {
    const [first] = jobs;
    if (first === undefined) return [];
    const { practice } = first.call;
    parts.metrics.appendsPerCommit.observe(jobs.length);
    const outcomes = await commitRecalled(parts, { practice, jobs });
    if (outcomes === null) return commitLocked(parts, { practice, jobs });
    const refused = jobs.filter((_, index) => outcomes[index] !== undefined);
    if (refused.length === 0) return outcomes;
    const again = await commitLocked(parts, { practice, jobs: refused });
    return outcomes.map((outcome) => (outcome === undefined ? undefined : again.shift()));
  };
}
