import { listTemplates, putTemplate, retireTemplate } from "@sinetti/client";
import {
  findNoteTemplate,
  ownTemplate,
  type NoteTemplate,
  type OwnTemplate,
} from "@sinetti/practice";

import type { Session } from "../session.ts";

/** What notes can be written on. */
export interface TemplateList {
  /** The practice's own, by name; retired ones last. */
  readonly own: readonly NoteTemplate[];
  /** Those that every practice has. */
  readonly common: readonly NoteTemplate[];
}

const isCommon = ({ id }: NoteTemplate): boolean => findNoteTemplate(id) !== undefined;

const inOrder = (a: NoteTemplate, b: NoteTemplate): number =>
  Number(a.retired ?? false) - Number(b.retired ?? false) || a.label.en.localeCompare(b.label.en);

/** The templates of the practice's own. */
export const makeTemplateDesk = (session: Session) => ({
  list: async (): Promise<TemplateList> => {
    const all = await listTemplates(session.client);
    const own = all.filter((each) => !isCommon(each)).toSorted(inOrder);
    return { own, common: all.filter(isCommon) };
  },
  /** Makes a template, or a new version of one. Error: `record-invalid` with the fields. */
  put: async (wish: OwnTemplate): Promise<void> => {
    const all = await listTemplates(session.client);
    const before = all.find(({ id }) => id === wish.id);
    const made = ownTemplate(
      wish,
      all.map(({ id }) => id),
    );
    await putTemplate(session.client, { ...made, ...(before?.retired && { retired: true }) });
  },
  /** Offers it for no new note any more, or again. */
  retire: (id: string, isRetired: boolean): Promise<void> =>
    retireTemplate(session.client, id, { isRetired }),
});
