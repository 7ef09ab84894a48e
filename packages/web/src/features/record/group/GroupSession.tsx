import {
  Button,
  Group,
  MultiSelect,
  NativeSelect,
  Stack,
  Text,
  TextInput,
  Title,
} from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { FaultNote } from "../../../app/FaultNote.tsx";
import { Waiting } from "../../../app/Waiting.tsx";
import { localDate } from "../../../app/dates.ts";
import { useAct, useView } from "../../../app/useDesk.ts";
import type { GroupRow } from "../../../worker/desks/groupDesk.ts";
import { sayWords } from "../note/sayWords.ts";
import { usualTemplate } from "../note/usualTemplate.ts";
import { GroupForm } from "./GroupForm.tsx";

const MINUTES = 60;

/** A session with more than one patient: who was there, then one editor for all of them. */
export function GroupSession({ patient, onClose }: { patient: string; onClose: () => void }) {
  const { t } = useTranslation("record");
  const [usual, setTemplate] = useState(usualTemplate);
  const groups = useView(["record", patient, "groups"], ({ group }) => group.list(patient));
  const paper = useView(["record", patient, "paper"], ({ note }) => note.paper(patient));
  const template = paper.data?.templates.some(({ id }) => id === usual) === true ? usual : "soap";
  const begin = useAct(({ group }, chosen: GroupRow) => {
    const setting = chosen.patients.length === 2 ? ("couple" as const) : ("group" as const);
    return group.begin(chosen, {
      template,
      session: {
        date: localDate(new Date()),
        minutes: MINUTES,
        attendance: "attended",
        modality: "in-person",
        setting,
      },
    });
  });
  const error = groups.error ?? paper.error;
  if (error !== null) return <FaultNote error={error} />;
  if (groups.data === undefined || paper.data === undefined) return <Waiting />;
  if (begin.data !== undefined)
    return <GroupForm begun={begin.data} paper={paper.data} onClose={onClose} />;
  if (begin.isPending) return <Waiting label={t("together.opening")} />;
  return (
    <Stack maw={560}>
      <Title order={2}>{t("together.write")}</Title>
      <Text size="sm">{t("together.hint")}</Text>
      <NativeSelect
        label={t("note.template")}
        value={template}
        onChange={(event) => setTemplate(event.currentTarget.value)}
        data={paper.data.templates.map(({ id, label }) => ({ value: id, label: sayWords(label) }))}
      />
      {begin.error !== null && <FaultNote error={begin.error} />}
      {groups.data.map((each) => (
        <Button
          key={each.file}
          variant="default"
          justify="flex-start"
          onClick={() => begin.mutate(each)}
        >
          {t("together.with", { title: each.title, count: each.patients.length })}
        </Button>
      ))}
      <NewGroup patient={patient} onMade={(made) => begin.mutate(made)} onClose={onClose} />
    </Stack>
  );
}

function NewGroup({
  patient,
  onMade,
  onClose,
}: {
  patient: string;
  onMade: (group: GroupRow) => void;
  onClose: () => void;
}) {
  const { t } = useTranslation("record");
  const [title, setTitle] = useState("");
  const [others, setOthers] = useState<string[]>([]);
  const { data: rows = [] } = useView(["caseload"], (desks) => desks.caseload.list());
  const make = useAct(
    ({ group }, wish: { title: string; patients: string[] }) => group.make(wish),
    [["record"]],
  );
  return (
    <Stack
      component="form"
      onSubmit={(event) => {
        event.preventDefault();
        make.mutate(
          { title: title.trim(), patients: [patient, ...others] },
          { onSuccess: (made) => onMade(made) },
        );
      }}
    >
      <MultiSelect
        label={t("together.others")}
        value={others}
        onChange={setOthers}
        searchable
        translate="no"
        data={rows
          .filter((row) => row.patient !== patient)
          .map((row) => ({ value: row.patient, label: row.name }))}
      />
      <TextInput
        label={t("together.title")}
        description={t("together.titleHint")}
        value={title}
        required
        maxLength={120}
        translate="no"
        onChange={(event) => setTitle(event.currentTarget.value)}
      />
      {make.error !== null && <FaultNote error={make.error} />}
      <Group>
        <Button
          type="submit"
          loading={make.isPending}
          disabled={others.length === 0 || title.trim() === ""}
        >
          {t("together.make")}
        </Button>
        <Button variant="default" onClick={onClose}>
          {t("cancel")}
        </Button>
      </Group>
    </Stack>
  );
}
