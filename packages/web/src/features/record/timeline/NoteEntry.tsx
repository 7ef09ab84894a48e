import {
  ActionIcon,
  Badge,
  Button,
  Collapse,
  Group,
  Menu,
  Stack,
  Text,
  Title,
} from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconDots } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { FaultNote } from "../../../app/FaultNote.tsx";
import { sayClock, sayDate, sayInstant } from "../../../app/dates.ts";
import { useAct, useView } from "../../../app/useDesk.ts";
import type { NoteVersion, NoteView, TimelineRow } from "../../../worker/record/timelineRow.ts";
import { sayWords } from "../note/sayWords.ts";
import { Sections } from "./Sections.tsx";
import { ReasonDialog } from "../ReasonDialog.tsx";
import classes from "./Timeline.module.css";

/** A signed note, to be read; when it was corrected both versions are here. */
export function NoteEntry({
  row,
  patient,
  canWrite,
  onCorrect,
}: {
  row: Extract<TimelineRow, { shape: "note" }>;
  patient: string;
  canWrite: boolean;
  onCorrect: (entry: string) => void;
}) {
  const { t } = useTranslation("record");
  const { note, on, entry } = row;
  const [newest] = note.versions;
  const isGone = note.state === "withdrawn" || note.state === "retracted";
  return (
    <Stack gap="xs">
      <Group justify="space-between" wrap="nowrap" align="flex-start">
        <div>
          <Title order={3} translate="no">
            {sayDate(on)} · {sayWords(note.template)}
          </Title>
          <SessionLine note={note} />
        </div>
        {canWrite && !isGone && (
          <NoteMenu entry={entry} patient={patient} onCorrect={() => onCorrect(entry)} />
        )}
      </Group>
      {note.state !== "signed" && (
        <Badge variant="default" w="fit-content" tt="none">
          {t(`noteState.${note.state}`)}
        </Badge>
      )}
      <Sections sections={note.sections} />
      {note.objectives.length > 0 && (
        <Text size="sm" c="dimmed" className={classes["reading"] ?? ""} translate="no">
          {t("note.touched")}: {note.objectives.join("; ")}
        </Text>
      )}
      {newest !== undefined && <Signature note={note} newest={newest} />}
      {note.versions.length > 1 && <Earlier versions={note.versions.slice(1)} />}
      {note.state === "pending" && <Countersign patient={patient} entry={entry} />}
    </Stack>
  );
}

function SessionLine({ note: { session } }: { note: NoteView }) {
  const { t } = useTranslation("record");
  const { start, minutes, attendance, modality, setting } = session;
  const facts = [
    start === undefined ? null : sayClock(start),
    minutes > 0 ? t("session.length", { count: minutes }) : null,
    t(`attendance.${attendance}`),
    t(`modality.${modality}`),
    setting === undefined || setting === "individual" ? null : t(`setting.${setting}`),
  ].filter((fact) => fact !== null);
  return (
    <Text size="sm" c="dimmed">
      {facts.join(" · ")}
    </Text>
  );
}

function Signature({ note, newest }: { note: NoteView; newest: NoteVersion }) {
  const { t } = useTranslation("record");
  const by = newest.by ?? t("somebody");
  const at = sayInstant(newest.at);
  return (
    <Text size="sm" c="dimmed">
      {newest.reason === null
        ? t("signature.locked", { by, at })
        : t("signature.corrected", { by, at, reason: newest.reason })}
      {note.countersigned !== null &&
        ` ${t("signature.countersigned", { by: note.countersigned.by ?? t("somebody"), at: sayInstant(note.countersigned.at) })}`}
    </Text>
  );
}

function Earlier({ versions }: { versions: readonly NoteVersion[] }) {
  const { t } = useTranslation("record");
  const [isOpen, { toggle }] = useDisclosure(false);
  return (
    <>
      <Button
        variant="subtle"
        size="compact-sm"
        w="fit-content"
        ml={-8}
        onClick={toggle}
        aria-expanded={isOpen}
      >
        {t("earlier", { count: versions.length })}
      </Button>
      <Collapse expanded={isOpen}>
        <Stack gap="lg">
          {versions.map(({ at, by, reason, sections }) => (
            <Stack key={at} gap="xs" className={classes["draft"] ?? ""}>
              <Text size="sm" c="dimmed">
                {t("written", { by: by ?? t("somebody"), at: sayInstant(at) })} {reason ?? ""}
              </Text>
              <Sections sections={sections} />
            </Stack>
          ))}
        </Stack>
      </Collapse>
    </>
  );
}

function NoteMenu({
  entry,
  patient,
  onCorrect,
}: {
  entry: string;
  patient: string;
  onCorrect: () => void;
}) {
  const { t } = useTranslation("record");
  const [isWithdrawing, setWithdrawing] = useState(false);
  const withdraw = useAct(
    (desks, reason: string) => desks.record.withdraw(patient, { entry, reason }),
    [["record", patient]],
  );
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon variant="subtle" size="lg" aria-label={t("more")} className="no-print">
            <IconDots size={18} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={onCorrect}>{t("note.correct")}</Menu.Item>
          <Menu.Item onClick={() => setWithdrawing(true)}>{t("note.withdraw")}</Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <ReasonDialog
        isOpen={isWithdrawing}
        title={t("note.withdraw")}
        text={t("note.withdrawHint")}
        act={t("note.withdraw")}
        error={withdraw.error}
        isBusy={withdraw.isPending}
        onClose={() => setWithdrawing(false)}
        onReason={(reason) => withdraw.mutate(reason, { onSuccess: () => setWithdrawing(false) })}
      />
    </>
  );
}

function Countersign({ patient, entry }: { patient: string; entry: string }) {
  const { t } = useTranslation("record");
  const { data: waiting } = useView(["record", patient, "countersign"], (desks) =>
    desks.record.toCountersign(patient),
  );
  const sign = useAct<null, void>(
    (desks) => desks.record.countersign(patient, entry),
    [["record", patient], ["supervision"]],
  );
  const pending = waiting?.find((each) => each.entry === entry);
  if (pending === undefined) return null;
  if (pending.whyNot === "no-write")
    return (
      <Text size="sm" c="dimmed" className={classes["reading"] ?? ""}>
        {t("note.readsOnly")}
      </Text>
    );
  if (pending.whyNot !== null) return null;
  return (
    <>
      {sign.error !== null && <FaultNote error={sign.error} />}
      <Button w="fit-content" loading={sign.isPending} onClick={() => sign.mutate(null)}>
        {t("note.countersign")}
      </Button>
    </>
  );
}
