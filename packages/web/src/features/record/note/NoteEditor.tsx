import { useQuery } from "@tanstack/react-query";
import { useState } from "react";

import { FaultNote } from "../../../app/FaultNote.tsx";
import { Waiting } from "../../../app/Waiting.tsx";
import { localDate } from "../../../app/dates.ts";
import { desks } from "../../../app/link.ts";
import { useView } from "../../../app/useDesk.ts";
import type { EditedDraft } from "../../../worker/desks/noteDesk.ts";
import { NoteForm } from "./NoteForm.tsx";
import { usualTemplate } from "./usualTemplate.ts";

/** What an editor begins with: nothing, a signed note to be corrected, or a draft. */
export type EditorTask =
  | { readonly is: "new" }
  | { readonly is: "amend"; readonly entry: string }
  | { readonly is: "draft"; readonly id: string };

const MINUTES = 45;

async function begin(patient: string, task: EditorTask): Promise<EditedDraft> {
  const { note } = await desks();
  if (task.is === "amend") return note.amend(patient, task.entry);
  if (task.is === "draft") return note.edit(patient, task.id);
  const session = {
    date: localDate(new Date()),
    minutes: MINUTES,
    attendance: "attended",
    modality: "in-person",
  } as const;
  const { templates } = await note.paper(patient);
  const usual = usualTemplate();
  const template = templates.some(({ id }) => id === usual) ? usual : "soap";
  return note.begin(patient, { template, session });
}

/** Loads what an editor needs, once: what is typed after that comes from nowhere else. */
export function NoteEditor({
  patient,
  task: first,
  onBegun,
  onSign,
  onClose,
}: {
  patient: string;
  task: EditorTask;
  onBegun: (id: string) => void;
  onSign: (draft: EditedDraft) => void;
  onClose: () => void;
}) {
  // The address changes when the draft gets its name; the editor stays what it was.
  const [task] = useState(first);
  const paper = useView(["record", patient, "paper"], ({ note }) => note.paper(patient));
  const name = task.is === "new" ? "new" : task.is === "amend" ? task.entry : task.id;
  const begun = useQuery({
    queryKey: ["editor", patient, task.is, name],
    queryFn: () => begin(patient, task),
    gcTime: 0,
  });
  const error = paper.error ?? begun.error;
  if (error !== null) return <FaultNote error={error} retry={() => void begun.refetch()} />;
  if (paper.data === undefined || begun.data === undefined) return <Waiting />;
  return (
    <NoteForm
      key={begun.data.id}
      patient={patient}
      begun={begun.data}
      isNew={task.is === "new"}
      paper={paper.data}
      onBegun={onBegun}
      onSign={onSign}
      onClose={onClose}
    />
  );
}
