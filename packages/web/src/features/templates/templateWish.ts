import type { NoteTemplate, OwnSection, OwnTemplate } from "@sinetti/practice";

import type { Words } from "../../worker/record/timelineRow.ts";

/** A section in the form; `key` stays with it while others come, go and move. */
export interface SectionWish extends OwnSection {
  readonly key: number;
}

/** A template in the form. */
export interface TemplateWish extends Omit<OwnTemplate, "sections"> {
  readonly sections: readonly SectionWish[];
  /** Its words are given in Finnish and in English; else they are the same for everybody. */
  readonly isBilingual: boolean;
}

const SILENT: Words = { en: "", fi: "" };

const nextKey = (sections: readonly SectionWish[]): number =>
  Math.max(0, ...sections.map(({ key }) => key)) + 1;

function newSection(key: number): SectionWish {
  return { key, id: null, label: SILENT, hint: SILENT, required: true, carryForward: false };
}

/** A template that does not exist yet. */
export const emptyWish: TemplateWish = {
  id: null,
  label: SILENT,
  needsSession: true,
  sections: [newSection(1)],
  isBilingual: false,
};

const isDouble = (words: Words): boolean => words.en !== words.fi;

/** A template to be changed; `isCopy`: only its words begin a new one. */
export function wishOf(template: NoteTemplate, { isCopy }: { isCopy: boolean }): TemplateWish {
  const { label, needsSession } = template;
  const sections = template.sections.map((section, index): SectionWish => {
    const { id, hint = SILENT, ...rest } = section;
    return { ...rest, key: index + 1, id: isCopy ? null : id, hint };
  });
  const said = [label, ...sections.flatMap((section) => [section.label, section.hint])];
  return {
    id: isCopy ? null : template.id,
    label: isCopy ? SILENT : label,
    needsSession,
    sections,
    isBilingual: said.some(isDouble),
  };
}

/** Words as they are typed: in one language, or the same in both. */
export function typed(
  words: Words,
  text: string,
  { language, isBilingual }: { language: "en" | "fi"; isBilingual: boolean },
): Words {
  return isBilingual ? { ...words, [language]: text } : { en: text, fi: text };
}

/** From two languages to one, whose words count for both, or back. */
export function inLanguages(
  wish: TemplateWish,
  { isBilingual, language }: { isBilingual: boolean; language: "en" | "fi" },
): TemplateWish {
  if (isBilingual) return { ...wish, isBilingual };
  const only = (words: Words): Words => ({ en: words[language], fi: words[language] });
  return {
    ...wish,
    isBilingual,
    label: only(wish.label),
    sections: wish.sections.map((section) => ({
      ...section,
      label: only(section.label),
      hint: only(section.hint),
    })),
  };
}

/** With one more section at the end. */
export function withSection(wish: TemplateWish): TemplateWish {
  return { ...wish, sections: [...wish.sections, newSection(nextKey(wish.sections))] };
}

/** With a section one place further up (`-1`) or down (`1`); at the end it stays. */
export function withMoved(wish: TemplateWish, key: number, by: -1 | 1): TemplateWish {
  const from = wish.sections.findIndex((each) => each.key === key);
  const to = from + by;
  if (from < 0 || to < 0 || to >= wish.sections.length) return wish;
  const sections = [...wish.sections];
  sections.splice(to, 0, ...sections.splice(from, 1));
  return { ...wish, sections };
}

/** What the desk is asked for. */
export function ownOf({ isBilingual: _isBilingual, sections, ...wish }: TemplateWish): OwnTemplate {
  return { ...wish, sections: sections.map(({ key: _key, ...section }) => section) };
}
