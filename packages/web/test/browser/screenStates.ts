import type { Page } from "playwright-core";

import { settle } from "./settle.ts";
import { wordOf, type Language } from "./words.ts";

/** Something done on a screen before it is looked at, in the words of the screens, so that it works in every language. */
export type Step =
  | { readonly is: "press"; readonly catalogue: string; readonly word: string }
  | { readonly is: "pressNamed"; readonly name: RegExp }
  | {
      readonly is: "type";
      readonly catalogue: string;
      readonly word: string;
      readonly text: string;
    };

const press = (catalogue: string, word: string): Step => ({ is: "press", catalogue, word });
const pressNamed = (name: RegExp): Step => ({ is: "pressNamed", name });
const type = (catalogue: string, word: string, text: string): Step => ({
  is: "type",
  catalogue,
  word,
  text,
});

/** Whose record is looked at: somebody who has what the rooms are for, and writes as the reader of the picture reads. */
export const PATIENT_BY_LANGUAGE: Readonly<Record<Language, string>> = {
  en: "Winifred Barrowby",
  fi: "Johanna Karhumaa",
};

/** Finds that patient as the front desk does. */
export const findPatientSteps = (language: Language): readonly Step[] => [
  press("office", "field.name"),
  type("office", "field.name", PATIENT_BY_LANGUAGE[language]),
  press("office", "now"),
];

/** A state of a screen that one sees only after a step. */
export interface ScreenState {
  readonly name: string;
  readonly path: string;
  /** Null: everybody who has the screen. */
  readonly roles: readonly string[] | null;
  readonly steps: (language: Language) => readonly Step[];
}

const state = (
  name: string,
  path: string,
  steps: ScreenState["steps"],
  roles: ScreenState["roles"] = null,
): ScreenState => ({ name, path, roles, steps });

/** Dialogs, tabs, answers and drafts: what a walk along the addresses alone does not show. */
export const SCREEN_STATES: readonly ScreenState[] = [
  state("calendar-book", "/calendar", () => [press("calendar", "book")]),
  state("calendar-booking", "/calendar", () => [pressNamed(/^\d\d[:.]\d\d /)]),
  state("people-let-in", "/people", () => [press("people", "letIn.open")]),
  state("people-add", "/people", () => [press("people", "add.open")], ["admin"]),
  state("people-person", "/people", () => [pressNamed(/^Aino Laine$/)], ["admin"]),
  state("freeze", "/today", () => [press("app", "freeze.name")]),
  state("palette", "/today", () => [press("app", "palette.open")]),
  state("record-log", "/records/$patient#access", () => [press("chart", "access.view.log")]),
  state("record-theft", "/records/$patient#access", () => [press("chart", "access.view.theft")]),
  state("record-answers", "/records/$patient#measures", () => [
    press("chart", "measures.take"),
    pressNamed(/^PHQ-9/),
  ]),
  state("watch-all", "/watch", () => [press("watch", "all")]),
  state("review-round", "/review", () => [press("review", "begin.now")]),
  state("find-found", "/find", findPatientSteps),
  state("bill-drafts", "/invoices/new/$patient", () => [
    type("invoices", "new.price.session", "95"),
    press("invoices", "new.draft"),
  ]),
];

/** Takes one step, and waits until what it brought is there. */
export async function takeStep(page: Page, step: Step, language: Language): Promise<void> {
  if (step.is === "pressNamed") {
    const { name } = step;
    await page
      .getByRole("button", { name })
      .or(page.getByRole("menuitem", { name }))
      .first()
      .click();
  } else {
    const name = wordOf(language, step.catalogue, step.word);
    if (step.is === "type") await page.getByRole("textbox", { name }).fill(step.text);
    else {
      const buttons = page.getByRole("button", { name, exact: true });
      const isButton = (await buttons.count()) > 0;
      await (isButton ? buttons : page.getByText(name, { exact: true })).first().click();
    }
  }
  await settle(page);
}
