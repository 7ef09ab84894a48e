import {
  beginAmendment,
  beginNote,
  carriedInto,
  generateDraftId,
  listTemplates,
  mustWait,
  openCalendar,
  signDraft,
  templateOf,
  type OpenDraft,
  type SavedDraft,
  type Signed,
} from "@sinetti/client";
import { parseId, type DraftId, type FileId } from "@sinetti/core";
import {
  addDays,
  checkNote,
  holding,
  isHeld,
  type EditedNote,
  type NoteSession,
  type NoteTemplate,
} from "@sinetti/practice";

import { DeskError } from "../deskFault.ts";
import { ZONE } from "../../zone.ts";
import { recordsOf } from "../openRecords.ts";
import { onTemplate, tidied } from "../record/noteForm.ts";
import type { Session } from "../session.ts";

const DAYS_BACK = 14;

/** A draft in an editor. */
export interface DraftOf<B> {
  readonly id: string;
  readonly body: B;
}

/** A note that is being written, and the care file that it is for. */
export interface EditedDraft extends DraftOf<EditedNote> {
  readonly file: string;
}

/** An objective of the plan that holds. */
export interface ObjectiveRow {
  readonly id: string;
  readonly text: string;
}

/** What a new note can be written on. */
export interface NotePaper {
  readonly templates: readonly NoteTemplate[];
  readonly objectives: readonly ObjectiveRow[];
}

/** What became of a save, for the editor. */
export interface SavedOf<B> extends DraftOf<B> {
  readonly state: SavedDraft["state"];
  readonly isKeptHere: boolean;
}

/** From which day, and in which sections, a draft began as an earlier note left it. */
export interface CarriedRow {
  readonly on: string;
  readonly sections: readonly string[];
}

/** A session that a note may be about. */
export interface SessionChoice {
  readonly key: string;
  readonly session: NoteSession;
}

/** What a signature lacks: a section by its id, `minutes`, `reason`, or a section of another template that still holds text. */
export type Missing =
  | { readonly is: "section"; readonly id: string }
  | { readonly is: "left"; readonly id: string }
  | { readonly is: "minutes" }
  | { readonly is: "reason" };

function isNote(draft: OpenDraft): draft is OpenDraft & { readonly body: EditedNote } {
  return draft.body.type === "noteDraft";
}

/** Writing notes: drafts that keep themselves, and signatures. */
export const makeNoteDesk = (session: Session) => ({
  /** Templates and objectives, from what is open. */
  paper: async (patient: string): Promise<NotePaper> => {
    const { care } = await recordsOf(session).seen(patient);
    const plans = holding(care?.state.plan ?? []).filter(({ current: { body } }) =>
      ["active", "draft", "on-hold"].includes(body.status),
    );
    return {
      templates: (await listTemplates(session.client)).filter(({ retired }) => retired !== true),
      objectives: plans.flatMap(({ current: { body } }) =>
        body.objectives
          .filter(({ status }) => status !== "dropped")
          .map(({ id, text }) => ({ id, text })),
      ),
    };
  },

  /** A new draft; what carries forward is as the last note left it. Nothing is saved until something is written. */
  begin: async (
    patient: string,
    wish: { template: string; session: NoteSession },
  ): Promise<EditedDraft> => {
    const care = await recordsOf(session).care(patient);
    return {
      id: generateDraftId(),
      file: care.file,
      body: await beginNote(session.client, care, wish),
    };
  },

  /** The day of the note that a draft began with, and the sections that it gave; null: none. */
  carried: async (patient: string, draft: EditedNote): Promise<CarriedRow | null> => {
    const care = await recordsOf(session).care(patient);
    const carried = await carriedInto(session.client, care, draft);
    return carried && { on: carried.on, sections: carried.sections.map(({ id }) => id) };
  },

  /** A draft of a correction. */
  amend: async (patient: string, entry: string): Promise<EditedDraft> => {
    const records = recordsOf(session);
    const { drafts } = await records.held(patient);
    const begun = drafts.filter(isNote).find(({ body }) => body.amends === entry);
    if (begun !== undefined) return begun;
    const care = await records.care(patient);
    return {
      id: generateDraftId(),
      file: care.file,
      body: beginAmendment(session.client, care, entry),
    };
  },

  /** A draft that was begun. Error: `unknown-record`. */
  edit: async (patient: string, id: string): Promise<EditedDraft> => {
    const { drafts } = await recordsOf(session).open(patient);
    const found = drafts.filter(isNote).find((draft) => draft.id === id);
    if (found === undefined) throw new DeskError({ code: "unknown-draft" });
    return found;
  },

  /** A draft on another template, with all that was written. */
  retemplate: async (patient: string, draft: EditedNote, template: string): Promise<EditedNote> => {
    const wish = { template, session: draft.session };
    const care = await recordsOf(session).care(patient);
    return onTemplate(draft, await beginNote(session.client, care, wish));
  },

  /** Keeps a draft on this device, sealed; nothing is sent, and no record has to be open. */
  keep: async (file: string, { id, body }: DraftOf<EditedNote>): Promise<void> => {
    const wish = { id: parseId<DraftId>(id), body };
    await recordsOf(session).drafts.keep({ file: parseId<FileId>(file) }, wish);
  },

  /** Saves a draft at its vault. */
  save: async (file: string, { id, body }: DraftOf<EditedNote>): Promise<SavedOf<EditedNote>> => {
    const ref = { file: parseId<FileId>(file), vault: "what" as const };
    const wish = { id: parseId<DraftId>(id), body };
    const { state, draft } = await recordsOf(session).drafts.save(ref, wish);
    return { state, id: draft.id, body: draft.body as EditedNote, isKeptHere: draft.isKeptHere };
  },

  /** Throws a draft away. */
  drop: async (patient: string, id: string): Promise<void> => {
    const records = recordsOf(session);
    await records.drafts.drop(await records.care(patient), parseId<DraftId>(id));
  },

  /** What a signature lacks; empty: it may be signed. */
  check: async (body: EditedNote): Promise<readonly Missing[]> => {
    const template = await templateOf(session.client, body);
    return missingOf(tidied(body, template), template);
  },

  /** Signs and locks a draft. */
  sign: async (patient: string, { id, body }: DraftOf<EditedNote>): Promise<Signed["state"]> => {
    const records = recordsOf(session);
    const template = await templateOf(session.client, body);
    const signed = await signDraft(session.client, records.drafts, {
      care: await records.care(patient),
      id: parseId<DraftId>(id),
      body: tidied(body, template),
    });
    if (signed.state === "waiting") records.wait(id);
    return signed.state;
  },

  /** Sessions of the last days that a note may be about, the newest first; none where the calendar does not open. */
  sessions: async (patient: string): Promise<readonly SessionChoice[]> => {
    const { client } = session;
    const { patient: identity } = await recordsOf(session).held(patient);
    const today = new Intl.DateTimeFormat("sv-SE", { timeZone: ZONE }).format(new Date());
    try {
      const range = { from: addDays(today, -DAYS_BACK), to: today, therapist: client.member };
      const { bookings } = await openCalendar(client, { site: null, zone: ZONE }, range);
      return bookings
        .filter(({ patients, status }) => patients.includes(identity) && status !== "cancelled")
        .map((booking) => ({ key: `${booking.key} ${booking.date}`, session: sessionOf(booking) }))
        .reverse();
    } catch (error) {
      // A note can be written without a calendar.
      if (mustWait(error) || (error as { code?: string }).code === "refused") return [];
      throw error;
    }
  },
});

/** What a template misses in a draft. */
export function missingOf(body: EditedNote, template: NoteTemplate): Missing[] {
  const missing = checkNote(body, template).flatMap(({ field, rule }): Missing[] => {
    if (field === "session.minutes") return [{ is: "minutes" }];
    const place = field.split(".")[1] ?? "";
    if (rule === "missing") return [{ is: "section", id: place }];
    if (rule === "unknown-section")
      return [{ is: "left", id: body.sections[Number(place)]?.id ?? "" }];
    return [];
  });
  const lacksReason = body.amends !== undefined && (body.reason ?? "").trim() === "";
  return lacksReason ? [{ is: "reason" }, ...missing] : missing;
}

type CalendarBooking = Awaited<ReturnType<typeof openCalendar>>["bookings"][number];

function sessionOf(booking: CalendarBooking): NoteSession {
  const { start, minutes, status, remoteLink, patients, key, date } = booking;
  const attendance = isHeld(booking)
    ? status === "late"
      ? "late"
      : "attended"
    : status === "missed" || status === "cancelled-late"
      ? status
      : "attended";
  return {
    date: start.slice(0, 10),
    start,
    minutes,
    attendance,
    modality: remoteLink === undefined ? "in-person" : "video",
    setting: patients.length > 1 ? "group" : "individual",
    appointment: `${key} ${date}`,
  };
}
