import type { Subject } from "@sinetti/core";

import type { FileRow, TableSpec } from "./rows.ts";

const OF_FILE = [
  ["practice", "bytea"],
  ["file", "bytea"],
] as const;
const PAGE = 2000;
/** Each brings an acceptance, of a batch perhaps. */
const LINK_PAGE = 256;
/** Their rows are large, or their hashes are made by the database. */
const SMALL_PAGE = 64;

export interface VaultFileRow extends FileRow {
  readonly compartment: string;
  readonly phase: string;
  readonly access_state: Buffer;
  readonly access_seq: number;
  readonly access_hash: Buffer;
  readonly record_seq: number | null;
  readonly record_hash: Buffer | null;
  readonly record_entries: number;
  readonly record_seen: number;
  readonly record_access: number;
  readonly record_snapshot: number | null;
}
export interface AccessLinkRow extends FileRow {
  readonly seq: number;
  readonly statement: Buffer;
  /** Name of the acceptance: its SHA-256. */
  readonly acceptance: Buffer;
  /** The acceptance that has this name. */
  readonly signed: Buffer | null;
  /** The hash beside the statement, and those of its wraps; a gate keeps neither. */
  readonly hash?: Buffer;
  readonly wraps?: Buffer | null;
  /** Whether this vault came back from a backup: then a statement may stand there without what it wraps. */
  readonly restored?: boolean;
}
export interface ShareRow extends FileRow {
  readonly epoch: number;
  readonly sealed: Buffer;
}
export interface WrapRow extends FileRow {
  readonly epoch: number;
  readonly subject_type: Subject["type"];
  readonly subject: Buffer;
  readonly key_version: number;
  readonly batch: Buffer | null;
  readonly sealed: Buffer;
}
export interface HoldingRow extends FileRow {
  readonly subject_type?: string;
  readonly subject: Buffer;
  readonly rights: number;
  readonly expires: number;
}
export interface RecordLinkRow extends FileRow {
  readonly seq: number;
  readonly hash: Buffer;
  readonly statement: Buffer;
  readonly bytes: number;
}
export interface EntryRow extends FileRow {
  readonly seq: number;
  readonly position: number;
  readonly entry: Buffer;
  readonly size: number;
  /** SHA-256 of the box, as the database makes it from what it holds now. */
  readonly hash: Buffer;
}
export interface DraftRow extends FileRow {
  readonly draft: Buffer;
  readonly epoch: number;
  readonly size: number;
}
export interface ChunkRow extends FileRow {
  readonly attachment: Buffer;
  readonly chunk: number;
  readonly hash: Buffer;
  /** SHA-256 of the chunk, as the database makes it from what it holds now. */
  readonly found: Buffer;
}
export interface GateFileRow extends FileRow {
  readonly class: string;
  readonly case_id: Buffer | null;
  readonly access_state: Buffer;
  readonly access_seq: number;
  readonly epoch: number;
  readonly record_seq: number | null;
  readonly record_hash: Buffer | null;
  readonly creator_device: Buffer;
}

const spec = (
  table: string,
  columns: string,
  { key = [], pageSize = PAGE }: { key?: TableSpec["key"]; pageSize?: number } = {},
): TableSpec => ({ table, columns, key: [...OF_FILE, ...key], pageSize });
const seq = { key: [["seq", "bigint"]] } as const;
const epoch = { key: [["epoch", "bigint"]] } as const;

/** What a vault keeps of files. */
export const VAULT_TABLES = {
  files: spec(
    "files",
    `compartment, phase, access_state, access_seq::float8, access_hash, record_seq::float8, record_hash,
     record_entries::float8, record_seen::float8, record_access::float8, record_snapshot::float8`,
    { pageSize: SMALL_PAGE },
  ),
  access_links: spec(
    "access_links",
    `hash, statement, acceptance, coalesce(wraps, (select w.wraps from late_wraps w
     where w.practice = access_links.practice and w.statement = access_links.hash)) as wraps,
     exists (select from restores r where r.practice = access_links.practice) as restored,
     (select a.acceptance from acceptances a
     where a.practice = access_links.practice and a.hash = access_links.acceptance) as signed`,
    { ...seq, pageSize: LINK_PAGE },
  ),
  shares: spec("shares", "sealed", epoch),
  wraps: spec("wraps", "key_version::float8, batch, sealed", {
    key: [...epoch.key, ["subject_type", "text"], ["subject", "bytea"]],
  }),
  holdings: spec("holdings", "rights::int4, expires::float8", {
    key: [
      ["subject_type", "text"],
      ["subject", "bytea"],
    ],
  }),
  record_links: spec("record_links", "hash, statement, bytes", seq),
  entries: spec("entries", "entry, octet_length(box) as size, sha256(box) as hash", {
    key: [...seq.key, ["position", "bigint"]],
  }),
  drafts: spec("drafts", "epoch::float8, octet_length(box) as size", { key: [["draft", "bytea"]] }),
  attachments: spec("attachments", "hash, sha256(box) as found", {
    key: [
      ["attachment", "bytea"],
      ["chunk", "bigint"],
    ],
    pageSize: SMALL_PAGE,
  }),
} as const;

/** What a gate keeps of files. */
export const GATE_TABLES = {
  files: spec(
    "files",
    `class, case_id, access_state, access_seq::float8, epoch::float8, record_seq::float8, record_hash,
     creator_device`,
    { pageSize: SMALL_PAGE },
  ),
  access_links: spec(
    "access_links",
    `statement, acceptance, (select a.signed from acceptances a
     where a.practice = access_links.practice and a.id = access_links.acceptance) as signed`,
    { ...seq, pageSize: LINK_PAGE },
  ),
  shares: spec("shares", "sealed", epoch),
  holdings: spec("holdings", "rights::int4, expires::float8", { key: [["subject", "bytea"]] }),
} as const;
