import type { EditorTask } from "./note/NoteEditor.tsx";

/** Where in a record an address leads: ids, and nothing of the record. */
export interface Room {
  readonly name: string;
  /** What the editor is to begin with; null: this is no editor. */
  readonly task: EditorTask | null;
}

const TIMELINE: Room = { name: "timeline", task: null };
const ID = /^[0-9a-f]{32}$/;

/** The room of an address's last part; the timeline for what is none. */
export function roomOf(hash: string, parts: readonly string[]): Room {
  if (hash === "group" || parts.includes(hash)) return { name: hash, task: null };
  const [, rest] = /^note\/(.+)$/.exec(hash) ?? [];
  if (rest === undefined) return TIMELINE;
  if (rest === "new") return { name: "note", task: { is: "new" } };
  const entry = rest.replace(/^amend-/, "");
  if (!ID.test(entry)) return TIMELINE;
  const task =
    rest === entry ? ({ is: "draft", id: entry } as const) : ({ is: "amend", entry } as const);
  return { name: "note", task };
}
