import { Button, Group, Stack } from "@mantine/core";
import { IconPencil, IconUsers } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate, useParams, useRouterState } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";

import { FaultNote, faultOfError } from "../../app/FaultNote.tsx";
import { Waiting } from "../../app/Waiting.tsx";
import { useView } from "../../app/useDesk.ts";
import type { RecordScreen } from "../../worker/desks/recordDesk.ts";
import { ClosedRecord, Limits } from "./Closed.tsx";
import { Drafts } from "./Drafts.tsx";
import { KeptForms } from "./KeptForms.tsx";
import { PartRoom } from "./PartRoom.tsx";
import { Rooms, useParts } from "./Rooms.tsx";
import { SigningNote } from "./SigningNote.tsx";
import { RecordHeading } from "./head/RecordHeading.tsx";
import { GroupSession } from "./group/GroupSession.tsx";
import { NoteEditor } from "./note/NoteEditor.tsx";
import { wantedSession } from "./note/wantedSession.ts";
import { roomOf } from "./room.ts";
import { Timeline } from "./timeline/Timeline.tsx";
import { useSigning } from "./useSigning.ts";

const LOOK_AGAIN_MS = 2 * 60_000;
/** Where a form that was begun goes on. */
const ROOM_BY_FORM: Readonly<Record<string, string>> = {
  plan: "plan",
  diagnosis: "diagnoses",
  riskPlan: "risk",
  discharge: "care",
  person: "person",
  contact: "person",
  payer: "office",
};

/** One patient's record. */
export default function Record() {
  const { patient = "" } = useParams({ strict: false });
  return <OpenRecord key={patient} patient={patient} />;
}

function OpenRecord({ patient }: { patient: string }) {
  const { t } = useTranslation("record");
  const { data, error, refetch, dataUpdatedAt } = useView(["record", patient], (desks) =>
    desks.record.open(patient),
  );
  useLookingAgain(refetch);
  const isClosed = error !== null && !leavesOnScreen(error);
  useNothingLeft(patient, isClosed);
  useLooked(dataUpdatedAt);
  // What may no longer be opened is no longer shown.
  if (error !== null && (isClosed || data === undefined))
    return <ClosedRecord patient={patient} error={error} retry={() => void refetch()} />;
  if (data === undefined) return <Waiting label={t("opening")} />;
  return (
    <Stack gap="md">
      {error !== null && <FaultNote error={error} retry={() => void refetch()} />}
      <Screen patient={patient} screen={data} readAt={dataUpdatedAt} />
    </Stack>
  );
}

/** A service that is silent takes nothing away, nor does a freeze, which stops openings and no writing. */
function leavesOnScreen(error: unknown): boolean {
  const { code, problem } = faultOfError(error);
  return code === "unreachable" || code === "restored" || problem === "frozen";
}

/** A supervisor who has looked at a record finds it looked at in their list. */
function useLooked(readAt: number): void {
  const queries = useQueryClient();
  useEffect(() => {
    if (readAt > 0) void queries.invalidateQueries({ queryKey: ["supervision"] });
  }, [queries, readAt]);
}

/** What was read of a record is forgotten with its closing, also where no screen shows it. */
function useNothingLeft(patient: string, isClosed: boolean): void {
  const queries = useQueryClient();
  useEffect(() => {
    if (!isClosed) return;
    const isPart = ({ queryKey }: { queryKey: readonly unknown[] }): boolean =>
      queryKey.length > 2 && queryKey.includes(patient);
    queries.removeQueries({ predicate: isPart });
  }, [queries, patient, isClosed]);
}

/** The services say when a grant was taken back; where no hint comes through, this asks on entering, and while somebody looks at it. */
function useLookingAgain(look: (how: { cancelRefetch: boolean }) => Promise<unknown>): void {
  useEffect(() => {
    // While the first opening is under way this joins it.
    void look({ cancelRefetch: false });
    const timer = setInterval(() => {
      if (document.visibilityState === "visible") void look({ cancelRefetch: false });
    }, LOOK_AGAIN_MS);
    return () => clearInterval(timer);
  }, [look]);
}

function Screen({
  patient,
  screen: { head, drafts },
  readAt,
}: {
  patient: string;
  screen: RecordScreen;
  readAt: number;
}) {
  const { t } = useTranslation("record");
  const parts = useParts();
  const names = parts.map(({ name }) => name);
  const hash = useRouterState({ select: ({ location }) => location.hash });
  const room = roomOf(hash, names);
  // One editor for one stay: its address gets the draft's id on the way, so that the next unlocking finds it.
  const editor = useRef({ hash, key: hash });
  if (editor.current.hash !== hash) editor.current = { hash, key: hash };
  const navigate = useNavigate();
  const go = (to: string): void => void navigate({ to: ".", hash: to === "timeline" ? "" : to });
  const signing = useSigning(patient);
  const part = parts.find(({ name }) => name === room.name);
  // The session that was chosen on Today has a draft already: it goes on.
  const begun =
    room.task?.is === "new"
      ? drafts.find(({ kind, on }) => kind === "note" && on === wantedSession(patient))
      : undefined;
  useEffect(() => {
    if (begun !== undefined) void navigate({ to: ".", hash: `note/${begun.id}`, replace: true });
  }, [begun?.id]);
  const isWriting = room.task !== null || room.name === "group";
  const write = (
    <Group gap="xs" className="no-print">
      <Button variant="default" leftSection={<IconUsers size={16} />} onClick={() => go("group")}>
        {t("together.write")}
      </Button>
      <Button leftSection={<IconPencil size={16} />} onClick={() => go("note/new")}>
        {t("note.write")}
      </Button>
    </Group>
  );
  return (
    <>
      <RecordHeading head={head} action={head.canWrite && !isWriting ? write : null} />
      <Limits patient={patient} head={head} />
      {!isWriting && <Rooms room={room.name} onGo={go} />}
      <SigningNote signing={signing} onUndo={(id) => go(`note/${id}`)} />
      {room.task !== null && begun === undefined && head.canWrite && (
        <NoteEditor
          key={editor.current.key}
          patient={patient}
          task={room.task}
          onBegun={(id) => {
            if (hash === `note/${id}`) return;
            editor.current = { hash: `note/${id}`, key: editor.current.key };
            void navigate({ to: ".", hash: `note/${id}`, replace: true });
          }}
          onSign={(draft) => {
            signing.begin(draft);
            go("timeline");
          }}
          onClose={() => go("timeline")}
        />
      )}
      {room.name === "group" && head.canWrite && (
        <GroupSession patient={patient} onClose={() => go("timeline")} />
      )}
      {part !== undefined && <PartRoom part={part} patient={patient} />}
      {room.name === "timeline" && (
        <>
          <Drafts
            drafts={drafts.filter(({ id }) => id !== signing.draft?.id)}
            onEdit={(id) => go(`note/${id}`)}
            onRoom={go}
          />
          <KeptForms
            patient={patient}
            forms={Object.keys(ROOM_BY_FORM)}
            onGo={({ form }) => go(ROOM_BY_FORM[form] ?? "timeline")}
          />
          <Timeline
            patient={patient}
            readAt={readAt}
            canWrite={head.canWrite}
            isClosed={head.closed.some(({ compartment }) => compartment === "care")}
            onCorrect={(entry) => go(`note/amend-${entry}`)}
          />
        </>
      )}
    </>
  );
}
