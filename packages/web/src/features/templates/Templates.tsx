import { Badge, Button, Group, Stack, Table, Text, Title } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { NoteTemplate } from "@sinetti/practice";

import { FaultNote } from "../../app/FaultNote.tsx";
import { Waiting } from "../../app/Waiting.tsx";
import { useAct, useView } from "../../app/useDesk.ts";
import { sayWords } from "../record/note/sayWords.ts";
import { TemplateForm } from "./TemplateForm.tsx";
import { emptyWish, wishOf, type TemplateWish } from "./templateWish.ts";

/** What notes are written on: the practice's own templates, made and retired by an administrator. */
export default function Templates() {
  const { t } = useTranslation("templates");
  const [begun, setBegun] = useState<TemplateWish | null>(null);
  const { data, error, refetch } = useView(["templates"], (desks) => desks.template.list());
  return (
    <Stack gap="xl">
      <Group justify="space-between">
        <Title order={1}>{t("title")}</Title>
        {begun === null && <Button onClick={() => setBegun(emptyWish)}>{t("make")}</Button>}
      </Group>
      {error !== null && <FaultNote error={error} retry={() => void refetch()} />}
      {data === undefined && error === null && <Waiting />}
      {begun !== null && <TemplateForm begun={begun} onDone={() => setBegun(null)} />}
      {begun === null && data !== undefined && (
        <Stack gap="xl" maw={900}>
          <Text maw="var(--reading)">{t("what")}</Text>
          <OwnTemplates
            templates={data.own}
            onChange={(template) => setBegun(wishOf(template, { isCopy: false }))}
          />
          <CommonTemplates
            templates={data.common}
            onBegin={(template) => setBegun(wishOf(template, { isCopy: true }))}
          />
        </Stack>
      )}
    </Stack>
  );
}

function OwnTemplates({
  templates,
  onChange,
}: {
  templates: readonly NoteTemplate[];
  onChange: (template: NoteTemplate) => void;
}) {
  const { t } = useTranslation("templates");
  const retire = useAct(
    (desks, { id, retired }: NoteTemplate) => desks.template.retire(id, retired !== true),
    [["templates"], ["record"]],
  );
  return (
    <Stack component="section" gap="sm">
      <Title order={2}>{t("own")}</Title>
      {retire.error !== null && <FaultNote error={retire.error} />}
      {templates.length === 0 && <Text c="dimmed">{t("none")}</Text>}
      {templates.length > 0 && (
        <Table verticalSpacing="xs">
          <Table.Tbody>
            {templates.map((template) => (
              <Table.Tr key={template.id}>
                <Headings template={template} />
                <Table.Td ta="end">
                  <Group gap="xs" justify="flex-end">
                    <Button size="xs" variant="default" onClick={() => onChange(template)}>
                      {t("edit")}
                    </Button>
                    <Button
                      size="xs"
                      variant="default"
                      loading={retire.isPending && retire.variables.id === template.id}
                      onClick={() => retire.mutate(template)}
                    >
                      {t(template.retired === true ? "bringBack" : "retire")}
                    </Button>
                  </Group>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </Stack>
  );
}

function Headings({ template: { label, sections, retired } }: { template: NoteTemplate }) {
  const { t } = useTranslation("templates");
  return (
    <Table.Td>
      <Group gap="xs">
        <Text fw={600}>{sayWords(label)}</Text>
        {retired === true && <Badge color="stone">{t("retired")}</Badge>}
      </Group>
      <Text size="sm" c="dimmed">
        {sections.map((section) => sayWords(section.label)).join(" · ")}
      </Text>
    </Table.Td>
  );
}

function CommonTemplates({
  templates,
  onBegin,
}: {
  templates: readonly NoteTemplate[];
  onBegin: (template: NoteTemplate) => void;
}) {
  const { t } = useTranslation("templates");
  return (
    <Stack component="section" gap="sm">
      <Title order={2}>{t("common")}</Title>
      <Table verticalSpacing="xs">
        <Table.Tbody>
          {templates.map((template) => (
            <Table.Tr key={template.id}>
              <Headings template={template} />
              <Table.Td ta="end">
                <Button size="xs" variant="default" onClick={() => onBegin(template)}>
                  {t("begin")}
                </Button>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Stack>
  );
}
