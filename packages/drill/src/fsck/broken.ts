import type { FileId, PracticeId } from "@sinetti/core";

/** Where a row lies. */
export type StoreName = "who" | "what" | "gate";

/** Every kind of damage, and what a person does about it. */
export const MENDS = {
  "foreign-row": "The row belongs to no practice here, or to another one: keep a copy, delete it.",
  "practice-missing": "Hand the practice chain over: sign in on any device of the practice.",
  "practice-behind": "Hand the practice chain over: sign in on any device of the practice.",
  "practice-fork":
    "Two histories of the practice: freeze it, and ask for help before anything else.",
  "link-missing": "Restore the chain from the other service that keeps it, or from a backup.",
  "link-hash": "Restore the row from the other service that keeps it, or from a backup.",
  "link-signature": "Restore the row from the other service that keeps it, or from a backup.",
  "link-order": "Restore the chain from the other service that keeps it, or from a backup.",
  "link-refused": "Nobody may have done this: freeze, and compare with a backup.",
  "link-size": "Restore the row from a backup; reading by pages goes wrong until then.",
  fork: "Two histories of one record: freeze it, and ask for help before anything else.",
  "acceptance-missing": "Restore the gate's word from the other service, or from a backup.",
  acceptance: "Restore the gate's word from the other service, or from a backup.",
  state: "Fold the row again from its chain, or restore it from a backup.",
  head: "Fold the row again from its chain, or restore it from a backup.",
  "wrap-missing": "Grant the record again to whom it is missing for; who holds it can.",
  wrap: "Grant the record again to whom it is for; who holds it can.",
  "wrap-extra": "Delete the row: its subject holds nothing of the record.",
  "wrap-hashes":
    "Restore the row from a backup; wraps of this statement cannot be checked until then.",
  "batch-key": "Restore the row from a backup, or grant the records again.",
  "batch-key-missing": "Restore the row from a backup, or grant the records again.",
  "share-missing": "Copy the row from the gate to the vault, or back.",
  share: "Copy the row from the gate to the vault, or back.",
  "share-extra": "Delete the row: the record has no such epoch.",
  "entry-missing": "Restore the entry from a backup; its hash stands in the record.",
  "entry-extra": "Delete the row: no statement names it.",
  "entry-doubled": "Delete the row that no statement names.",
  "entry-order": "Restore the rows of this statement from a backup.",
  box: "Restore the entry from a backup; its hash stands in the record.",
  "box-size": "Restore the entry from a backup; its hash stands in the record.",
  chunk: "Restore the chunk from a backup; its hash stands beside it.",
  chunks: "Restore the attachment from a backup; the hash over its chunks stands in the record.",
  draft: "The draft is lost; write it again.",
  holding: "Fold the record's access again; what may be listed is wrong until then.",
  "lookup-cell": "Delete the row, and index the patient again.",
  kit: "Make a new recovery kit for this member.",
  stop: "Restore the row from another service, or from a backup.",
  order: "Give the order again.",
  "file-missing": "Hand the record's access chain to its vault: open it on a device that holds it.",
  "file-unknown":
    "The vault knows a record that the gate does not: restore the gate from a newer backup.",
  "vault-behind": "Hand the record's access chain to its vault: open it on a device that holds it.",
  "vault-ahead": "The gate is older than the vault: restore the gate from a newer backup.",
  "record-behind": "The vault lacks what a reader has seen: restore it from a newer backup.",
  "record-fork":
    "A reader has seen another history: freeze, and ask for help before anything else.",
  "wrong-vault": "Delete the copy in the vault that the record's compartment does not belong to.",
  "left-behind": "The record is erased: delete the row.",
  "log-gap":
    "Lines of the gate's log are gone: restore them from a backup, and tell the privacy officer.",
  "log-line":
    "A line of the gate's log was changed: restore it from a backup, and tell the privacy officer.",
  "log-order": "The gate's log does not hang together: restore it, and tell the privacy officer.",
  "log-items":
    "Rows beside the gate's log differ from it: restore them; budgets count wrongly until then.",
  "log-head":
    "The head of the gate's log is not its last line: restore it, and tell the privacy officer.",
  "log-detail": "What was approved differs from what the log says: tell the privacy officer.",
  migrations: "The database is of another version of this program: start the matching one.",
} as const;

/** What is wrong with a row. */
export type BrokenCode = keyof typeof MENDS;

/** One damage. */
export interface Broken {
  readonly service: StoreName;
  readonly practice: PracticeId;
  readonly file?: FileId;
  readonly table: string;
  readonly what: BrokenCode;
  /** The row by its numbers and ids; never content. */
  readonly where: string;
  readonly mend: string;
}

/** A place where something can be wrong. */
export interface Place {
  readonly service: StoreName;
  readonly practice: PracticeId;
  readonly file?: FileId;
}

/** Takes down one damage. */
export type Report = (what: BrokenCode, table: string, where: string) => void;

/** Reports of one place into a list. */
export function reportInto(broken: Broken[], place: Place): Report {
  return (what, table, where) => broken.push({ ...place, table, what, where, mend: MENDS[what] });
}
