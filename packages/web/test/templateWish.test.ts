import { findNoteTemplate, type NoteTemplate } from "@sinetti/practice";
import { describe, expect, it } from "vitest";

import {
  emptyWish,
  inLanguages,
  ownOf,
  typed,
  wishOf,
  withMoved,
  withSection,
} from "../src/features/templates/templateWish.ts";

const dap = findNoteTemplate("dap") as NoteTemplate;

describe("a template in its form", () => {
  it("begins a new one with the words of another, and none of its ids", () => {
    const copy = wishOf(dap, { isCopy: true });
    expect([copy.id, ...copy.sections.map(({ id }) => id)]).toEqual(Array(5).fill(null));
    expect(copy.sections.map(({ label }) => label.fi)).toContain("Tiedot");
    expect(copy.isBilingual).toBe(true);
  });

  it("gives back what it was given, without what only the form needs", () => {
    const asked = ownOf(wishOf(dap, { isCopy: false }));
    expect(asked.id).toBe("dap");
    expect(asked.sections.map((each) => "key" in each)).not.toContain(true);
    expect(asked.sections.map(({ id }) => id)).toEqual(dap.sections.map(({ id }) => id));
  });

  it("says the same in both languages until two are wanted", () => {
    const none = { en: "", fi: "" };
    const one = typed(none, "Tavoite", { language: "fi", isBilingual: false });
    expect(one).toEqual({ en: "Tavoite", fi: "Tavoite" });
    expect(typed(one, "Goal", { language: "en", isBilingual: true })).toEqual({
      en: "Goal",
      fi: "Tavoite",
    });
  });

  it("keeps the words of the shown language when one is enough", () => {
    const wish = inLanguages(wishOf(dap, { isCopy: false }), {
      isBilingual: false,
      language: "fi",
    });
    expect(wish.sections[0]?.label).toEqual({ en: "Tiedot", fi: "Tiedot" });
  });

  it("moves a section, and not beyond the ends", () => {
    const two = withSection(emptyWish);
    const [first = 0, second = 0] = two.sections.map(({ key }) => key);
    expect(withMoved(two, second, -1).sections.map(({ key }) => key)).toEqual([second, first]);
    expect(withMoved(two, first, -1)).toBe(two);
    expect(withMoved(two, second, 1)).toBe(two);
  });
});
