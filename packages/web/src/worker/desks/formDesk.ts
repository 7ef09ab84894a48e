import {
  FormDrafts,
  generateDraftId,
  type Client,
  type FormDraft,
  type FormPlace,
  type OpenedRecord,
} from "@sinetti/client";
import { parseId, type DraftId } from "@sinetti/core";

import { recordsOf } from "../openRecords.ts";
import type { Session } from "../session.ts";
import type { DraftOf } from "./noteDesk.ts";

/** A form as it begins: as it was left, or new. */
export interface BegunForm<B> {
  readonly id: string;
  readonly place: FormPlace;
  /** ISO instant of its last change; null: nothing of it was kept. */
  readonly at: string | null;
  /** Null: new. */
  readonly body: B | null;
}

/** A form that was begun and is not signed. */
export type FormRow = Pick<FormDraft, "id" | "form" | "changes" | "at">;

const formsByClient = new WeakMap<Client, FormDrafts>();

function formsOf({ client }: Session): FormDrafts {
  const forms = formsByClient.get(client) ?? new FormDrafts(client);
  formsByClient.set(client, forms);
  return forms;
}

/** What was typed into forms and is not signed: on this device alone, sealed. */
export const makeFormDesk = (session: Session) => ({
  /** What was begun in a record, or (null) about nobody who is here yet; the newest first. */
  list: async (about: string | null): Promise<readonly FormRow[]> =>
    (await unsigned(session, about)).map(({ id, form, changes, at }) => ({
      id,
      form,
      changes,
      at,
    })),

  /** A form as it was left; new where nothing was. */
  begin: async (place: FormPlace): Promise<BegunForm<unknown>> => {
    const kept = (await unsigned(session, place.about)).find(
      ({ form, changes }) => form === place.form && changes === place.changes,
    );
    if (kept === undefined) return { id: generateDraftId(), place, at: null, body: null };
    const { id, at, body } = kept;
    return { id, place, at, body };
  },

  keep: (place: FormPlace, { id, body }: DraftOf<unknown>): Promise<void> =>
    formsOf(session).keep(place, { id: parseId<DraftId>(id), body }),

  drop: (id: string): Promise<void> => formsOf(session).drop([parseId<DraftId>(id)]),
});

/** What stands in the record under a form's id was signed, and cut off before its draft was struck. */
async function unsigned(session: Session, about: string | null): Promise<FormDraft[]> {
  const forms = formsOf(session);
  const begun = (await forms.list()).filter((each) => each.about === about);
  const record = about === null ? null : recordsOf(session).heldNow(about);
  if (record === null) return begun;
  const isSigned = ({ id }: FormDraft): boolean => stands(record, id);
  const signed = begun.filter(isSigned);
  if (signed.length > 0) await forms.drop(signed.map(({ id }) => id));
  return begun.filter((each) => !isSigned(each));
}

const stands = ({ files }: OpenedRecord, id: string): boolean =>
  [files.care, files.identity].some((file) =>
    file?.links.some(({ body }) => body.entries.some((entry) => entry.id === id)),
  );
