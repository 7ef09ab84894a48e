import { Button, NativeSelect, Group, Stack, Text, TextInput, Title } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { FaultNote } from "../../../app/FaultNote.tsx";
import { Waiting } from "../../../app/Waiting.tsx";
import { shownLanguage } from "../../../app/language.ts";
import { desks } from "../../../app/link.ts";
import {
  GROUPS,
  byMonth,
  type KindGroup,
  type TimelinePage,
} from "../../../worker/record/timelinePage.ts";
import { LineEntry } from "./LineEntry.tsx";
import { NoteEntry } from "./NoteEntry.tsx";
import classes from "./Timeline.module.css";

const STEP = 30;

/** What stands in the record, the newest first; found by words and kinds on this device alone. */
export function Timeline({
  patient,
  readAt,
  canWrite,
  isClosed,
  onCorrect,
}: {
  patient: string;
  /** When the record was last read: the timeline follows. */
  readAt: number;
  canWrite: boolean;
  /** The care file did not open: that nothing is shown does not mean that nothing is there. */
  isClosed: boolean;
  onCorrect: (entry: string) => void;
}) {
  const { t } = useTranslation("record");
  const [text, setText] = useState("");
  const [group, setGroup] = useState<KindGroup | null>(null);
  const [count, setCount] = useState(STEP);
  const [words] = useDebouncedValue(text, 150);
  const { data: page, error } = useQuery({
    queryKey: ["timeline", patient, readAt, words, group, count],
    queryFn: async () => (await desks()).record.timeline(patient, { text: words, group, count }),
    placeholderData: keepPreviousData,
    gcTime: 0,
  });
  if (error !== null) return <FaultNote error={error} />;
  if (page === undefined) return <Waiting />;
  const isEmpty = Object.keys(page.counts).length === 0;
  return (
    <Stack gap="sm">
      {!isEmpty && (
        <Group gap="sm" className="no-print" align="flex-end">
          <TextInput
            label={t("find.text")}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
            flex="1 1 200px"
            maw={360}
          />
          <NativeSelect
            label={t("find.kind")}
            value={group ?? ""}
            onChange={({ currentTarget: { value } }) =>
              setGroup(GROUPS.find((each) => each === value) ?? null)
            }
            data={[
              { value: "", label: t("find.all") },
              ...GROUPS.filter((each) => page.counts[each] !== undefined).map((each) => ({
                value: each,
                label: `${t(`group.${each}`)} (${page.counts[each] ?? 0})`,
              })),
            ]}
          />
        </Group>
      )}
      {isEmpty && !isClosed && <Text c="dimmed">{t(canWrite ? "empty.write" : "empty.read")}</Text>}
      {!isEmpty && page.rows.length === 0 && <Text c="dimmed">{t("empty.found")}</Text>}
      <Months page={page} patient={patient} canWrite={canWrite} onCorrect={onCorrect} />
      {page.older > 0 && (
        <Button variant="default" w="fit-content" onClick={() => setCount(count + STEP)}>
          {t("older", { count: page.older })}
        </Button>
      )}
    </Stack>
  );
}

/** `2026-11` as people say it. */
const sayMonth = (month: string): string =>
  /^\d{4}-\d{2}$/.test(month)
    ? new Intl.DateTimeFormat(shownLanguage(), { month: "long", year: "numeric" }).format(
        new Date(`${month}-15T12:00:00`),
      )
    : month;

function Months({
  page,
  patient,
  canWrite,
  onCorrect,
}: {
  page: TimelinePage;
  patient: string;
  canWrite: boolean;
  onCorrect: (entry: string) => void;
}) {
  return byMonth(page.rows).map(({ month, rows }) => (
    <section key={month} aria-label={sayMonth(month)}>
      <Title order={2} size="h3" c="dimmed" mt="md">
        {sayMonth(month)}
      </Title>
      {rows.map((row) => (
        <article key={`${row.kind} ${row.entry}`} className={classes["entry"]}>
          {row.shape === "note" ? (
            <NoteEntry row={row} patient={patient} canWrite={canWrite} onCorrect={onCorrect} />
          ) : (
            <LineEntry row={row} />
          )}
        </article>
      ))}
    </section>
  ));
}
