import { readCare, type CareEntry } from "@sinetti/practice";
import { describe, expect, it } from "vitest";

import { neighbour } from "../src/features/record/note/useEditorKeys.ts";
import { roomOf } from "../src/features/record/room.ts";
import { lastNote } from "../src/worker/record/lastNote.ts";
import { ageOn } from "../src/worker/record/recordHead.ts";
import { byMonth, pageOf, type TimelineAsk } from "../src/worker/record/timelinePage.ts";
import { firstLine, rowOf } from "../src/worker/record/timelineRow.ts";

const ID = "ab".repeat(16);
const author = "0".repeat(32);
const session = {
  date: "2026-11-17",
  minutes: 45,
  attendance: "attended",
  modality: "phone",
} as const;
const at = "2026-11-17T13:00:00.000Z";

function entry(id: string, body: CareEntry["body"]): CareEntry {
  return { entry: id, member: author, body };
}

const ENTRIES = [
  entry("n1", {
    v: 1,
    type: "sessionNote",
    at,
    author,
    status: "signed",
    template: "soap",
    session,
    objectives: ["o1"],
    sections: [
      { id: "plan", text: "Kaksi pysäkkiä yksin" },
      { id: "subjective", text: "Nukkui VIISI yötä" },
    ],
  }),
  entry("n2", {
    v: 1,
    type: "noteAmendment",
    at: "2026-11-18T08:00:00.000Z",
    author,
    amends: "n1",
    reason: "Neljä, ei viisi",
    template: "soap",
    session,
    objectives: ["o1"],
    sections: [{ id: "subjective", text: "Nukkui neljä yötä" }],
  }),
  entry("l1", {
    v: 1,
    type: "letter",
    at,
    title: "Lausunto",
    to: "Kela",
    on: "2026-10-02",
    text: "…",
  }),
];
const context = {
  nameOf: () => "Aino Laine",
  templates: [],
  objectives: new Map([["o1", "Nukkuu yöt"]]),
};
const rows = readCare(ENTRIES).timeline.map((item) => rowOf(item, context));
const ask = (more: Partial<TimelineAsk>): TimelineAsk => ({
  text: "",
  group: null,
  count: 30,
  ...more,
});

describe("a timeline", () => {
  it("shows a corrected note with both versions, the newest first, and its reason", () => {
    const [row] = rows;
    if (row?.shape !== "note") throw new TypeError("a note comes first");
    expect(row.note.state).toBe("amended");
    expect(row.note.versions.map(({ reason }) => reason)).toEqual(["Neljä, ei viisi", null]);
    expect(row.note.objectives).toEqual(["Nukkuu yöt"]);
  });

  it("is found by every word in any place, whatever the case, also in an earlier version", () => {
    expect(pageOf(rows, ask({ text: "viisi nukkui" })).rows).toHaveLength(1);
    expect(pageOf(rows, ask({ text: "kela lausunto" })).rows).toHaveLength(1);
    expect(pageOf(rows, ask({ text: "viisi kela" })).rows).toHaveLength(0);
  });

  it("is narrowed to a kind, and counts every kind all the same", () => {
    const page = pageOf(rows, ask({ group: "documents" }));
    expect(page.rows.map(({ kind }) => kind)).toEqual(["letter"]);
    expect(page.counts).toEqual({ notes: 1, documents: 1 });
  });

  it("says how much is older than what it shows, and stands under its months", () => {
    expect(pageOf(rows, ask({ count: 1 }))).toMatchObject({ rows: [{ kind: "note" }], older: 1 });
    expect(byMonth(rows).map(({ month }) => month)).toEqual(["2026-11", "2026-10"]);
  });
});

describe("the last session", () => {
  const held = (entries: CareEntry[]) => lastNote(readCare(entries).timeline, context)?.entry;
  const noteOn = (date: string, attendance: "attended" | "missed") =>
    entry(date, {
      v: 1,
      type: "sessionNote",
      at,
      author,
      status: "signed",
      template: "soap",
      session: { ...session, date, attendance },
      objectives: [],
      sections: [{ id: "plan", text: "Kaksi pysäkkiä yksin" }],
    });

  it("is the newest that was held, and none where nothing was", () => {
    const missed = noteOn("2026-11-16", "missed");
    expect(held([noteOn("2026-11-02", "attended"), noteOn("2026-11-09", "attended"), missed])).toBe(
      "2026-11-09",
    );
    expect(held([missed])).toBeUndefined();
  });
});

describe("the head of a record", () => {
  it("counts whole years, and says no age where the day is not known", () => {
    expect(ageOn("1988-11-22", "2026-11-21")).toBe(37);
    expect(ageOn("1988-11-21", "2026-11-21")).toBe(38);
    expect(ageOn("1988", "2026-11-21")).toBeNull();
  });

  it("cuts a long line at a word", () => {
    expect(firstLine(`${"sana ".repeat(40)}\nseuraava`)).toMatch(/^(sana )+…$/);
  });
});

describe("an address in a record", () => {
  it("leads to rooms, to a new note, to a draft and to a correction", () => {
    expect(roomOf("plan", ["plan"])).toEqual({ name: "plan", task: null });
    expect(roomOf("note/new", [])).toEqual({ name: "note", task: { is: "new" } });
    expect(roomOf(`note/${ID}`, [])).toEqual({ name: "note", task: { is: "draft", id: ID } });
    expect(roomOf(`note/amend-${ID}`, []).task).toEqual({ is: "amend", entry: ID });
  });

  it("leads to the timeline where it is none", () => {
    for (const hash of ["", "plan", "note/", "note/../x", `note/${ID}0`])
      expect(roomOf(hash, []).name).toBe("timeline");
  });
});

describe("the keys of the editor", () => {
  it("go to the section after, the one before, and no further", () => {
    expect(neighbour(["a", "b"], "a", 1)).toBe("b");
    expect(neighbour(["a", "b"], "b", 1)).toBeNull();
    expect(neighbour(["a", "b"], null, -1)).toBe("b");
  });
});
