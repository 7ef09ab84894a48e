import type { EntryId, FileId, Hash, PracticeId, RecordState } from "@sinetti/core";

import type { AppendJob, CommitGroup } from "./appendQueue.ts";
import { checkStanding, deviceOf } from "./call.ts";
import { checkAppend, type PreparedAppend } from "./policy/appendCheck.ts";
import type { Held } from "./practiceStates.ts";
import { atItem, refuse, toRefusal } from "./problem.ts";
import { readFiles, type FileRow } from "./store/files.ts";
import {
  readHeldEntries,
  readRecordHashes,
  writeAppends,
  type RecordLink,
} from "./store/records.ts";
import { inPractice, type Tx } from "./store/transaction.ts";
import type { Vault } from "./vault.ts";

/** What of a vault a commit needs. */
type CommitParts = Pick<Vault, "sql" | "practices" | "accessStates" | "metrics">;

/** What one commit sees and gathers. */
interface Group {
  readonly parts: CommitParts;
  readonly held: Held;
  readonly rows: ReadonlyMap<FileId, FileRow>;
  readonly standing: Set<Hash>;
  /** Entries that stand already, as `file:entry`. */
  readonly entries: Set<string>;
  readonly states: Map<FileId, RecordState>;
  readonly links: RecordLink[];
}

const entryKey = (file: FileId, entry: EntryId): string => `${file}:${entry}`;

function decideOne(
  group: Group,
  append: PreparedAppend,
  job: { call: AppendJob["call"]; states: Map<FileId, RecordState> },
): RecordLink | null {
  const { file, link, body, boxes } = append;
  const row = group.rows.get(file) ?? refuse("unknown-file");
  const record = job.states.get(file) ?? group.states.get(file) ?? row.record;
  const access = group.parts.accessStates.read(row.access.head, row.access.bytes);
  const { week } = job.call;
  const context = { held: group.held, access, record, week, standing: group.standing };
  const next = checkAppend(append, context);
  if (next === null) return null;
  if (body.entries.some(({ id }) => group.entries.has(entryKey(file, id))))
    refuse("duplicate-entry");
  job.states.set(file, next);
  const { seq } = link.statement;
  const entries = body.entries.map(({ id }) => id);
  return { file, seq, hash: link.hash, statement: link.signed, entries, boxes };
}

/** Decides on one request: all of its appends or none. */
function decideJob(group: Group, { call, appends }: AppendJob): void {
  checkStanding(group.held, call.caller);
  deviceOf(call);
  const states = new Map<FileId, RecordState>();
  const own = new Set<string>();
  const links: RecordLink[] = [];
  for (const [index, append] of appends.entries()) {
    atItem(index, () => {
      const link = decideOne(group, append, { call, states });
      if (link === null) return;
      for (const entry of link.entries) {
        const key = entryKey(link.file, entry);
        if (own.has(key)) refuse("duplicate-entry");
        own.add(key);
      }
      links.push(link);
    });
  }
  for (const [file, state] of states) group.states.set(file, state);
  for (const key of own) group.entries.add(key);
  for (const { hash } of links) group.standing.add(hash);
  group.links.push(...links);
}

async function readGroup(
  tx: Tx,
  parts: CommitParts,
  { practice, jobs }: { practice: PracticeId; jobs: readonly AppendJob[] },
): Promise<Group> {
  const appends = jobs.flatMap((job) => job.appends);
  const files = [...new Set(appends.map(({ file }) => file))];
  const named = appends.flatMap(({ file, body }) =>
    body.entries.map(({ id }) => ({ file, entry: id })),
  );
  const [held, rows, entries] = await Promise.all([
    parts.practices.confirm(tx, practice),
    readFiles(tx, practice, { files, lock: true }),
    readHeldEntries(tx, practice, named),
  ]);
  const past = appends
    .map(({ file, link }) => ({ file, seq: link.statement.seq }))
    .filter(({ file, seq }) => seq <= (rows.get(file)?.record.head?.seq ?? -1));
  return {
    parts,
    held: held ?? refuse("unknown-practice"),
    rows,
    standing: await readRecordHashes(tx, practice, past),
    entries: new Set(entries.map(({ file, entry }) => entryKey(file, entry))),
    states: new Map(),
    links: [],
  };
}

async function decideAndWrite(
  tx: Tx,
  parts: CommitParts,
  { practice, jobs }: { practice: PracticeId; jobs: readonly AppendJob[] },
): Promise<(Error | undefined)[]> {
  const group = await readGroup(tx, parts, { practice, jobs });
  const outcomes = jobs.map((job) => {
    try {
      decideJob(group, job);
      return undefined;
    } catch (error) {
      return toRefusal(error);
    }
  });
  const { links } = group;
  if (links.length > 0)
    await writeAppends(tx, practice, { links, states: [...group.states.values()] });
  return outcomes;
}

/** Commits the appends of one practice that came together: locked, read, decided and written in one transaction. */
export function commitAppends(parts: CommitParts): CommitGroup {
  return async (jobs) => {
    const [first] = jobs;
    if (first === undefined) return [];
    const { practice } = first.call;
    parts.metrics.appendsPerCommit.observe(jobs.length);
    return inPractice(parts.sql, practice, (tx) => decideAndWrite(tx, parts, { practice, jobs }));
  };
}
