import { Button, Group, Stack, Text, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";

import { sayDate, sayInstant } from "../../app/dates.ts";
import type { DraftRow } from "../../worker/desks/recordDesk.ts";
import { sayWords } from "./note/sayWords.ts";
import classes from "./timeline/Timeline.module.css";

/** What was begun and is not signed, above everything else. Measures and process notes go on in their own rooms. */
export function Drafts({
  drafts,
  onEdit,
  onRoom,
}: {
  drafts: readonly DraftRow[];
  onEdit: (id: string) => void;
  onRoom: (room: string) => void;
}) {
  const { t } = useTranslation("record");
  if (drafts.length === 0) return null;
  return (
    <Stack gap="sm" component="section" aria-label={t("drafts.title")}>
      <Title order={2} size="h3">
        {t("drafts.title")}
      </Title>
      {drafts.map(({ id, kind, template, on, at, firstWords, isKeptHere, isSigned }) => (
        <Group key={id} justify="space-between" className={classes["draft"] ?? ""} gap="sm">
          <Stack gap={0} flex="1 1 240px" miw={0}>
            <Text fw={600} translate="no">
              {t(`drafts.${kind}`)} · {sayDate(on)}
              {template === null ? "" : ` · ${sayWords(template)}`}
            </Text>
            <Text size="sm" c="dimmed" translate="no" lineClamp={1}>
              {firstWords}
            </Text>
            <Text size="sm" c="dimmed">
              {isSigned ? t("drafts.signed") : t("drafts.savedAt", { at: sayInstant(at) })}
              {isKeptHere && !isSigned ? ` · ${t("drafts.here")}` : ""}
            </Text>
          </Stack>
          {!isSigned && (
            <Button
              variant="default"
              onClick={() => {
                if (kind === "measure") onRoom("measures");
                else if (kind === "process") onRoom("process");
                else onEdit(id);
              }}
            >
              {t("drafts.go")}
            </Button>
          )}
        </Group>
      ))}
    </Stack>
  );
}
