import {
  countersign,
  leasedDirectory,
  listTemplates,
  mayWrite,
  memberName,
  rememberLook,
  whyNotCountersign,
  withdraw,
  type OpenDraft,
  type OpenedRecord,
} from "@sinetti/client";
import type { MemberId } from "@sinetti/core";
import type { TimelineItem } from "@sinetti/practice";

import { ZONE } from "../../zone.ts";
import { recordsOf } from "../openRecords.ts";
import { lastNote, type NoteRow } from "../record/lastNote.ts";
import { headOf, type RecordHead } from "../record/recordHead.ts";
import { rowContext } from "../record/rowContext.ts";
import { pageOf, type TimelineAsk, type TimelinePage } from "../record/timelinePage.ts";
import {
  firstLine,
  paperOf,
  rowOf,
  sectionsOf,
  type RowContext,
  type Words,
} from "../record/timelineRow.ts";
import type { Session } from "../session.ts";

/** A draft as the record shows it above everything else. */
export interface DraftRow {
  readonly id: string;
  readonly kind: "note" | "amendment" | "measure" | "process";
  readonly template: Words | null;
  readonly on: string;
  readonly at: string;
  readonly firstWords: string;
  /** The newest form of it lies on this device alone. */
  readonly isKeptHere: boolean;
  /** It is signed, and waits on this device for the vault. */
  readonly isSigned: boolean;
}

/** A record above its timeline. */
export interface RecordScreen {
  readonly head: RecordHead;
  readonly drafts: readonly DraftRow[];
}

/** A note that waits for a countersignature. */
export interface PendingNote {
  readonly entry: string;
  readonly whyNot: ReturnType<typeof whyNotCountersign>;
}

/** A patient's record. */
export const makeRecordDesk = (session: Session) => ({
  /** Opens it, or asks what is new in it: one request to the gate at most, and one to each vault. */
  open: async (patient: string): Promise<RecordScreen> =>
    screenOf(session, await lookAt(session, await recordsOf(session).open(patient))),

  /** The same for a patient in crisis, beyond a budget. */
  openInCrisis: async (patient: string, reason: string): Promise<RecordScreen> =>
    screenOf(session, await recordsOf(session).openInCrisis(patient, reason)),

  /** A part of its timeline, from what is open: nothing is asked for. */
  timeline: async (patient: string, ask: TimelineAsk): Promise<TimelinePage> => {
    const record = await recordsOf(session).seen(patient);
    const context = await rowContext(session, record);
    const rows = record.timeline
      .filter((item): item is TimelineItem => item.kind !== "draft")
      .map((item) => rowOf(item, context));
    return pageOf(rows, ask);
  },

  /** What the last session was, for whoever writes of the next; from what is open. */
  lastNote: async (patient: string): Promise<NoteRow | null> => {
    const record = await recordsOf(session).seen(patient);
    return lastNote(record.timeline, await rowContext(session, record));
  },

  /** The notes of this record that wait for a countersignature, with why this member may not give it; null: they may. */
  toCountersign: async (patient: string): Promise<readonly PendingNote[]> => {
    const { client } = session;
    const records = recordsOf(session);
    const { files, care } = await records.seen(patient);
    const { care: file } = files;
    if (file === undefined) return [];
    return (care?.notes ?? [])
      .filter(({ state }) => state === "pending")
      .map(({ entry }) => ({ entry, whyNot: whyNotCountersign(client, file, entry) }));
  },

  countersign: async (patient: string, entry: string): Promise<void> => {
    const care = await recordsOf(session).care(patient);
    await countersign(session.client, care, { entry });
    await rememberLook(session.client, care);
  },

  /** Withdraws a note that should never have stood in this record; it stays readable. */
  withdraw: async (patient: string, wish: { entry: string; reason: string }): Promise<void> => {
    await withdraw(session.client, await recordsOf(session).care(patient), wish);
  },
});

/** A supervisor is told from here on what has come since. */
async function lookAt({ client }: Session, record: OpenedRecord): Promise<OpenedRecord> {
  const { care } = record.files;
  if (care !== undefined && client.roles.includes("supervisor")) await rememberLook(client, care);
  return record;
}

async function screenOf(session: Session, record: OpenedRecord): Promise<RecordScreen> {
  const { client } = session;
  const directory = await leasedDirectory(client);
  const { care } = record.files;
  const head = headOf(record, {
    me: client.member,
    nameOf: (member) => memberName(directory, member as MemberId),
    today: new Intl.DateTimeFormat("sv-SE", { timeZone: ZONE }).format(new Date()),
    canWrite: care !== undefined && mayWrite(client, care) && client.roles.includes("therapist"),
  });
  const templates = await listTemplates(client);
  const records = recordsOf(session);
  return {
    head,
    drafts: record.drafts
      .map((draft) => ({
        ...draftRow(draft, templates),
        isSigned: records.isWaiting(draft.id),
      }))
      .sort((a, b) => (a.at < b.at ? 1 : -1)),
  };
}

function draftRow(
  { id, body, isKeptHere }: OpenDraft,
  templates: RowContext["templates"],
): Omit<DraftRow, "isSigned"> {
  const base = { id, at: body.at, isKeptHere };
  if (body.type === "measureDraft")
    return { ...base, kind: "measure", template: null, on: body.date, firstWords: "" };
  if (body.type === "processDraft")
    return {
      ...base,
      kind: "process",
      template: null,
      on: body.sessionDate ?? body.at.slice(0, 10),
      firstWords: firstLine(body.text),
    };
  const [first] = sectionsOf(body, templates);
  return {
    ...base,
    kind: body.amends === undefined ? "note" : "amendment",
    template: paperOf(body, templates)?.label ?? null,
    on: body.session.date,
    firstWords: firstLine(first?.text ?? ""),
  };
}
