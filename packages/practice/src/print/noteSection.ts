import type { Block } from "@sinetti/paper";
import type { NoteContent } from "../notes/checkNote.ts";
import { foldNotes, type NoteHistory } from "../notes/noteLife.ts";
import { formOf } from "../notes/templates.ts";
import { section, titled, type Printing } from "./printing.ts";
import { labelText } from "./words.ts";

function content(note: NoteContent, { language }: Printing): Block[] {
  const template = formOf(note);
  return note.sections.flatMap(({ id, text }): Block[] => {
    const found = template?.sections.find((each) => each.id === id);
    return titled(found === undefined ? id : labelText(found.label, language), text);
  });
}

function sessionLine({ session, objectives }: NoteContent, { word, say }: Printing): string {
  const { minutes, attendance, modality, start, setting } = session;
  const parts = [
    start?.slice(11),
    minutes > 0 ? `${minutes} min` : undefined,
    say(attendance),
    say(modality),
    setting === undefined || setting === "individual" ? undefined : say(setting),
    objectives.length === 0 ? undefined : `${word("objectivesTouched")}: ${objectives.join(", ")}`,
  ];
  return parts.filter((part) => part !== undefined).join(" · ");
}

function quiet(text: string): Block {
  return { type: "paragraph", text, tone: "quiet" };
}

/** One note: as it was first signed, then each correction with its reason, so that nothing is hidden. */
function noteBlocks(note: NoteHistory, printing: Printing): Block[] {
  const { word, date, time, member, language } = printing;
  const { original, amendments, countersignature } = note;
  const template = formOf(original);
  const name = template === undefined ? original.template : labelText(template.label, language);
  const signed = `${word("signedBy")} ${member(original.author)}, ${time(original.at)}`;
  const below: Block[] = [];
  if (note.state === "pending") below.push(quiet(word("pending")));
  if (countersignature !== undefined)
    below.push(
      quiet(
        `${word("countersigned")} ${member(countersignature.supervisor)}, ${time(countersignature.at)}`,
      ),
    );
  for (const { amendment } of amendments) {
    const { at, author, reason } = amendment;
    below.push({
      type: "paragraph",
      text: [
        { text: `${word("corrected")} ${time(at)}, ${member(author)}. `, bold: true },
        { text: `${word("reason")}: ${reason}. ${word("nowReads")}:` },
      ],
    });
    below.push(quiet(sessionLine(amendment, printing)), ...content(amendment, printing));
  }
  if (note.state === "retracted" || note.state === "withdrawn")
    below.push({ type: "paragraph", tone: "alarm", text: word("takenBack") });
  return [
    { type: "heading", level: 3, text: `${date(original.session.date)} · ${name}` },
    quiet(`${sessionLine(original, printing)} — ${signed}`),
    ...(amendments.length === 0 ? [] : [quiet(word("asFirstSigned"))]),
    ...content(original, printing),
    ...below,
  ];
}

/** The notes by session date, each with its corrections. */
export function noteSection(printing: Printing): Block[] {
  const care = printing.record.entries.filter((each) => each.compartment === "care");
  const notes = foldNotes(care).sort((a, b) =>
    a.original.session.date < b.original.session.date ? -1 : 1,
  );
  return section(
    printing.word("notes"),
    notes.flatMap((note) => noteBlocks(note, printing)),
  );
}
