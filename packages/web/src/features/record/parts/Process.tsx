import { Button, Checkbox, Group, Stack, Text } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { FaultNote } from "../../../app/FaultNote.tsx";
import { Waiting } from "../../../app/Waiting.tsx";
import { sayDate, sayInstant } from "../../../app/dates.ts";
import { useAct, useView } from "../../../app/useDesk.ts";
import type { ProcessInHand, ProcessLine, ProcessRoom } from "../../../worker/desks/processDesk.ts";
import type { PartProps } from "../parts.ts";
import timelineClasses from "../timeline/Timeline.module.css";
import { ProcessEditor } from "./process/ProcessEditor.tsx";

/** The therapist's own process notes: nobody else's, in no role. */
export default function Process({ patient }: PartProps) {
  const { t } = useTranslation("chart");
  const {
    data: room,
    error,
    refetch,
  } = useView(["record", patient, "process"], (desks) => desks.process.read(patient));
  const [inHand, setInHand] = useState<ProcessInHand | null>(null);
  const [outcome, setOutcome] = useState<string | null>(null);
  if (error !== null) return <FaultNote error={error} retry={() => void refetch()} />;
  if (room === undefined) return <Waiting />;
  if (inHand !== null)
    return (
      <ProcessEditor
        key={inHand.id}
        patient={patient}
        begun={inHand}
        onClose={(state) => {
          setInHand(null);
          setOutcome(state);
        }}
      />
    );
  return (
    <Stack gap="md">
      <Text maw="var(--reading)">{t("process.about")}</Text>
      {outcome !== null && <Text role="status">{t(`process.outcome.${outcome}`)}</Text>}
      <Notes patient={patient} room={room} onBegun={setInHand} />
    </Stack>
  );
}

function Notes({
  patient,
  room: { hasFile, notes, begun },
  onBegun,
}: {
  patient: string;
  room: ProcessRoom;
  onBegun: (inHand: ProcessInHand) => void;
}) {
  const { t } = useTranslation("chart");
  const [canRecover, setRecover] = useState(false);
  const begin = useAct((desks, replaces: ProcessLine | null) =>
    desks.process.begin(patient, { canRecover, replaces }),
  );
  const edit = useAct((desks, id: string) => desks.process.edit(patient, id));
  const error = begin.error ?? edit.error;
  return (
    <>
      {!hasFile && (
        <Checkbox
          maw="var(--reading)"
          label={t("process.recover")}
          description={t("process.recoverHint")}
          checked={canRecover}
          onChange={({ currentTarget: { checked } }) => setRecover(checked)}
        />
      )}
      <Button
        w="fit-content"
        variant="default"
        leftSection={<IconPlus size={16} />}
        loading={begin.isPending}
        onClick={() => begin.mutate(null, { onSuccess: onBegun })}
      >
        {t("process.write")}
      </Button>
      {error !== null && <FaultNote error={error} />}
      {begun.map(({ id, at, firstWords, isWaiting }) => (
        <Group key={id} justify="space-between" className={timelineClasses["draft"] ?? ""}>
          <Stack gap={0} flex="1 1 240px" miw={0}>
            <Text translate="no" lineClamp={1}>
              {firstWords}
            </Text>
            <Text size="sm" c="dimmed">
              {isWaiting ? t("waits") : t("process.begun", { at: sayInstant(at) })}
            </Text>
          </Stack>
          {!isWaiting && (
            <Button
              variant="default"
              loading={edit.isPending && edit.variables === id}
              onClick={() => edit.mutate(id, { onSuccess: onBegun })}
            >
              {t("measures.go")}
            </Button>
          )}
        </Group>
      ))}
      {notes.length === 0 && begun.length === 0 && <Text c="dimmed">{t("process.empty")}</Text>}
      {notes.map((note) => (
        <Stack
          key={note.entry}
          component="article"
          gap="xs"
          className={timelineClasses["entry"] ?? ""}
        >
          <Text fw={600}>{sayDate(note.on)}</Text>
          <Text className={timelineClasses["reading"] ?? ""} translate="no">
            {note.text}
          </Text>
          {note.kinds.length > 0 && (
            <Text size="sm">
              {t("process.holds", {
                kinds: note.kinds.map((kind) => t(`process.kind.${kind}`)).join(", "),
              })}
            </Text>
          )}
          <Group gap="xs">
            <Button
              size="xs"
              variant="subtle"
              onClick={() => begin.mutate(note, { onSuccess: onBegun })}
            >
              {t("change")}
            </Button>
            {note.earlier > 0 && (
              <Text size="sm" c="dimmed">
                {t("process.earlier", { count: note.earlier })}
              </Text>
            )}
          </Group>
        </Stack>
      ))}
    </>
  );
}
