import { Button, Group, Select, Stack, Text, TextInput, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";

import type { WithholdCode, WithholdWish } from "@sinetti/practice";

import { sayDate } from "../../app/dates.ts";
import { shownLanguage } from "../../app/language.ts";
import { useView } from "../../app/useDesk.ts";
import type { TimelineRow } from "../../worker/record/timelineRow.ts";

const CODES = ["third-person", "harm", "other-law"] as const satisfies readonly WithholdCode[];
const MOST_ROWS = 2000;
const WHOLE = "";
/** Process notes are in no copy that their owner does not want; that a copy was given out is nobody's passage. */
const NEVER: ReadonlySet<TimelineRow["kind"]> = new Set(["processNote", "export"]);

interface WithholdingProps {
  readonly patient: string;
  readonly wishes: readonly WithholdWish[];
  readonly onChange: (wishes: readonly WithholdWish[]) => void;
}

/** Passages that are kept from whoever gets the copy, each with its reason; a mark stays where it stood. */
export function Withholding({ patient, wishes, onChange }: WithholdingProps) {
  const { t } = useTranslation("export");
  const { data } = useView(["record", patient, "withhold"], async (desks) => {
    await desks.record.open(patient);
    return desks.record.timeline(patient, { text: "", group: null, count: MOST_ROWS });
  });
  const rows = (data?.rows ?? []).filter(({ kind }) => !NEVER.has(kind));
  const put = (index: number, wish: WithholdWish): void =>
    onChange(wishes.map((each, at) => (at === index ? wish : each)));
  return (
    <Stack gap="sm">
      <Title order={3}>{t("withhold.title")}</Title>
      <Text size="sm" c="dimmed">
        {t("withhold.hint")}
      </Text>
      {wishes.map((wish, index) => (
        <Passage
          key={index}
          rows={rows}
          wish={wish}
          onChange={(next) => put(index, next)}
          onRemove={() => onChange(wishes.filter((_, at) => at !== index))}
        />
      ))}
      <Group>
        <Button
          size="xs"
          variant="default"
          disabled={rows.length === 0}
          onClick={() => onChange([...wishes, { entry: "", code: "third-person", reason: "" }])}
        >
          {t("withhold.add")}
        </Button>
      </Group>
    </Stack>
  );
}

interface PassageProps {
  readonly rows: readonly TimelineRow[];
  readonly wish: WithholdWish;
  readonly onChange: (wish: WithholdWish) => void;
  readonly onRemove: () => void;
}

function Passage({ rows, wish, onChange, onRemove }: PassageProps) {
  const { t } = useTranslation("export");
  const { t: tRecord } = useTranslation("record");
  const language = shownLanguage();
  const nameOf = (row: TimelineRow): string => {
    const what = row.shape === "note" ? row.note.template[language] : row.line.summary;
    return [sayDate(row.on), what === "" ? tRecord(`kind.${row.kind}`) : what.slice(0, 60)].join(
      " · ",
    );
  };
  const row = rows.find(({ entry }) => entry === wish.entry);
  const sections = row?.shape === "note" ? row.note.sections : [];
  const { field, ...whole } = wish;
  return (
    <Stack gap="xs" pl="md" style={{ borderInlineStart: "2px solid var(--line)" }}>
      <Select
        label={t("withhold.entry")}
        data={rows.map((each) => ({ value: each.entry, label: nameOf(each) }))}
        value={wish.entry === "" ? null : wish.entry}
        placeholder={t("withhold.choose")}
        onChange={(entry) => entry !== null && onChange({ ...whole, entry })}
        allowDeselect={false}
        searchable
        translate="no"
      />
      <Group grow align="flex-start" preventGrowOverflow={false}>
        <Select
          label={t("withhold.part")}
          data={[
            { value: WHOLE, label: t("withhold.whole") },
            ...sections.map(({ id, label }) => ({
              value: `sections.${id}`,
              label: label[language],
            })),
          ]}
          value={field ?? WHOLE}
          onChange={(part) =>
            onChange(part === null || part === WHOLE ? whole : { ...whole, field: part })
          }
          allowDeselect={false}
        />
        <Select
          label={t("withhold.code")}
          data={CODES.map((value) => ({ value, label: t(`withhold.codes.${value}`) }))}
          value={wish.code}
          onChange={(code) => onChange({ ...wish, code: code ?? "third-person" })}
          allowDeselect={false}
        />
      </Group>
      <TextInput
        label={t("withhold.reason")}
        description={t("withhold.reasonHint")}
        maxLength={300}
        value={wish.reason}
        onChange={(event) => onChange({ ...wish, reason: event.currentTarget.value })}
      />
      <Group>
        <Button size="xs" variant="subtle" onClick={onRemove}>
          {t("withhold.remove")}
        </Button>
      </Group>
    </Stack>
  );
}
