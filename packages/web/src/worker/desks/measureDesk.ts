import {
  beginMeasure,
  finishMeasure,
  generateDraftId,
  mayWrite,
  measureProgress,
  readSeries,
  takeBack,
  type MeasureProgress,
  type OpenDraft,
  type Signed,
} from "@sinetti/client";
import { parseId, type DraftId, type FileId } from "@sinetti/core";
import {
  MEASURES,
  type CutoffSex,
  type Measure,
  type MeasureDraft,
  type MeasureSeries,
} from "@sinetti/practice";

import { DeskError } from "../deskFault.ts";
import { recordsOf } from "../openRecords.ts";
import { careToWrite, isClinician, writeOrWait, type Written } from "../record/writing.ts";
import type { Session } from "../session.ts";
import type { DraftOf, SavedOf } from "./noteDesk.ts";

/** A measure that is being answered, and the care file that it is for. */
export interface MeasureInHand extends DraftOf<MeasureDraft> {
  readonly file: string;
}

/** A measure that was begun. */
export interface BegunMeasure {
  readonly id: string;
  readonly measure: string;
  readonly date: string;
  readonly answered: number;
  readonly items: number;
  /** It is finished, and waits on this device for the vault. */
  readonly isWaiting: boolean;
}

/** The measures of a record. */
export interface MeasureRoom {
  readonly canWrite: boolean;
  /** The bundled measures, with their words and sources. */
  readonly measures: readonly Measure[];
  readonly series: readonly MeasureSeries[];
  readonly begun: readonly BegunMeasure[];
  /** As AUDIT-C's cut-offs use it; null: not known, or not one of the two. */
  readonly sex: CutoffSex | null;
}

function isMeasure(draft: OpenDraft): draft is OpenDraft & { readonly body: MeasureDraft } {
  return draft.body.type === "measureDraft";
}

/** Taking measures, and what they came to over time. */
export const makeMeasureDesk = (session: Session) => ({
  read: async (patient: string): Promise<MeasureRoom> => {
    const { client } = session;
    const records = recordsOf(session);
    const { files, identity, drafts } = await records.open(patient);
    const { care } = files;
    const sex = identity?.person?.sex;
    return {
      canWrite: care !== undefined && mayWrite(client, care) && isClinician(client),
      measures: MEASURES,
      series: care === undefined ? [] : readSeries(client, care),
      begun: drafts.filter(isMeasure).map(({ id, body: { measure, date, answers } }) => ({
        id,
        measure,
        date,
        answered: answers.filter((answer) => answer !== null).length,
        items: answers.length,
        isWaiting: records.isWaiting(id),
      })),
      sex: sex === "female" || sex === "male" ? sex : null,
    };
  },

  /** One of which nothing is answered yet; nothing is saved until something is. */
  begin: async (
    patient: string,
    { measure, sex }: { measure: string; sex: CutoffSex | null },
  ): Promise<MeasureInHand> => ({
    id: generateDraftId(),
    file: (await recordsOf(session).care(patient)).file,
    body: beginMeasure(session.client, { measure, ...(sex === null ? {} : { sex }) }),
  }),

  /** One that was begun. Error: `unknown-draft`. */
  edit: async (patient: string, id: string): Promise<MeasureInHand> => {
    const { drafts } = await recordsOf(session).open(patient);
    const found = drafts.filter(isMeasure).find((draft) => draft.id === id);
    if (found === undefined) throw new DeskError({ code: "unknown-draft" });
    const { file, body } = found;
    return { id, file, body };
  },

  /** Keeps it on this device, sealed; nothing is sent. */
  keep: async (file: string, { id, body }: DraftOf<MeasureDraft>): Promise<void> => {
    const wish = { id: parseId<DraftId>(id), body };
    await recordsOf(session).drafts.keep({ file: parseId<FileId>(file) }, wish);
  },

  save: async (
    file: string,
    { id, body }: DraftOf<MeasureDraft>,
  ): Promise<SavedOf<MeasureDraft>> => {
    const ref = { file: parseId<FileId>(file), vault: "what" as const };
    const wish = { id: parseId<DraftId>(id), body };
    const { state, draft } = await recordsOf(session).drafts.save(ref, wish);
    return { state, id: draft.id, body: draft.body as MeasureDraft, isKeptHere: draft.isKeptHere };
  },

  drop: async (patient: string, id: string): Promise<void> => {
    const records = recordsOf(session);
    await records.drafts.drop(await records.care(patient), parseId<DraftId>(id));
  },

  /** How far it has come; nothing is asked for. */
  progress: async (body: MeasureDraft): Promise<MeasureProgress> => measureProgress(body),

  /** Records it and locks it. */
  finish: async (
    patient: string,
    { id, body }: DraftOf<MeasureDraft>,
  ): Promise<Signed["state"]> => {
    const records = recordsOf(session);
    const { state } = await finishMeasure(session.client, records.drafts, {
      care: await careToWrite(records, patient),
      id: parseId<DraftId>(id),
      body,
    });
    if (state === "waiting") records.wait(id);
    return state;
  },

  /** Takes one back that was recorded in error; it stays readable in the timeline. */
  takeBack: async (patient: string, wish: { entry: string; reason: string }): Promise<Written> => {
    const records = recordsOf(session);
    const care = await careToWrite(records, patient);
    return writeOrWait(records, () => takeBack(session.client, care, wish));
  },
});
