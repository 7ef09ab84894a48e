import {
  beginProcessNote,
  generateDraftId,
  openProcess,
  signProcessNote,
  type OpenDraft,
  type Signed,
} from "@sinetti/client";
import { parseId, type DraftId, type FileId } from "@sinetti/core";
import { processNoteWarnings, type ProcessDraft, type ProcessNoteWarning } from "@sinetti/practice";

import { DeskError } from "../deskFault.ts";
import { recordsOf } from "../openRecords.ts";
import { firstLine } from "../record/timelineRow.ts";
import { beforeWriting } from "../record/writing.ts";
import type { Session } from "../session.ts";
import type { DraftOf, SavedOf } from "./noteDesk.ts";

/** A process note that is being written, and the file that it is for. */
export interface ProcessInHand extends DraftOf<ProcessDraft> {
  readonly file: string;
}

/** A process note that was signed. */
export interface ProcessLine {
  readonly entry: string;
  readonly on: string;
  readonly at: string;
  readonly text: string;
  /** Versions before this one. */
  readonly earlier: number;
  /** Kinds of what looks as if it belonged in the record. */
  readonly kinds: readonly ProcessNoteWarning["kind"][];
}

/** This therapist's own process notes of a patient. */
export interface ProcessRoom {
  /** False: the first note makes the file. */
  readonly hasFile: boolean;
  readonly notes: readonly ProcessLine[];
  readonly begun: readonly {
    readonly id: string;
    readonly at: string;
    readonly firstWords: string;
    readonly isWaiting: boolean;
  }[];
}

/** A passage that may belong in the record. */
export interface Passage {
  readonly kind: ProcessNoteWarning["kind"];
  readonly text: string;
}

function isProcess(draft: OpenDraft): draft is OpenDraft & { readonly body: ProcessDraft } {
  return draft.body.type === "processDraft";
}

/** Private process notes: a file of its own, which nobody else opens. */
export const makeProcessDesk = (session: Session) => ({
  read: async (patient: string): Promise<ProcessRoom> => {
    const records = recordsOf(session);
    const { files, timeline, drafts } = await records.open(patient);
    return {
      hasFile: files.process !== undefined,
      notes: timeline.flatMap((item): ProcessLine[] => {
        if (item.kind !== "processNote") return [];
        const { entry, on, at, note, earlier, warnings } = item;
        const kinds = [...new Set(warnings.map(({ kind }) => kind))];
        return [{ entry, on, at, text: note.text, earlier: earlier.length, kinds }];
      }),
      begun: drafts.filter(isProcess).map(({ id, body: { at, text } }) => ({
        id,
        at,
        firstWords: firstLine(text),
        isWaiting: records.isWaiting(id),
      })),
    };
  },

  /** A new one, or the next version of one; the first of a patient makes the file. Error: `not-saved`. */
  begin: async (
    patient: string,
    { canRecover, replaces }: { canRecover: boolean; replaces: ProcessLine | null },
  ): Promise<ProcessInHand> => {
    const { client } = session;
    const records = recordsOf(session);
    const { file } = await beforeWriting(() => openProcess(client, patient, { canRecover }));
    const { files } = await records.held(patient);
    if (files.process === undefined) await records.open(patient);
    const wish =
      replaces === null
        ? {}
        : { replaces: replaces.entry, sessionDate: replaces.on, text: replaces.text };
    return { id: generateDraftId(), file, body: beginProcessNote(client, wish) };
  },

  /** One that was begun. Error: `unknown-draft`. */
  edit: async (patient: string, id: string): Promise<ProcessInHand> => {
    const { drafts } = await recordsOf(session).open(patient);
    const found = drafts.filter(isProcess).find((draft) => draft.id === id);
    if (found === undefined) throw new DeskError({ code: "unknown-draft" });
    return { id, file: found.file, body: found.body };
  },

  keep: async (file: string, { id, body }: DraftOf<ProcessDraft>): Promise<void> => {
    const wish = { id: parseId<DraftId>(id), body };
    await recordsOf(session).drafts.keep({ file: parseId<FileId>(file) }, wish);
  },

  save: async (
    file: string,
    { id, body }: DraftOf<ProcessDraft>,
  ): Promise<SavedOf<ProcessDraft>> => {
    const ref = { file: parseId<FileId>(file), vault: "what" as const };
    const wish = { id: parseId<DraftId>(id), body };
    const { state, draft } = await recordsOf(session).drafts.save(ref, wish);
    return { state, id: draft.id, body: draft.body as ProcessDraft, isKeptHere: draft.isKeptHere };
  },

  drop: async (file: string, id: string): Promise<void> => {
    const ref = { file: parseId<FileId>(file), vault: "what" as const };
    await recordsOf(session).drafts.drop(ref, parseId<DraftId>(id));
  },

  /** What of a text may belong in the record; nothing is asked for. */
  passages: async (text: string): Promise<readonly Passage[]> =>
    processNoteWarnings(text).map(({ kind, start, end }) => ({
      kind,
      text: text.slice(start, end),
    })),

  sign: async (patient: string, { id, body }: DraftOf<ProcessDraft>): Promise<Signed["state"]> => {
    const { client } = session;
    const records = recordsOf(session);
    const file = await beforeWriting(() => openProcess(client, patient));
    const wish = { file, id: parseId<DraftId>(id), body };
    const { state } = await signProcessNote(client, records.drafts, wish);
    if (state === "waiting") records.wait(id);
    return state;
  },
});
