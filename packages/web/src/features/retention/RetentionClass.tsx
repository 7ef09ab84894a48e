import { Button, Group, Radio, Stack, Text, Title } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { RetentionClass as RetentionRule } from "@sinetti/practice";

import { FaultNote } from "../../app/FaultNote.tsx";
import { useHere } from "../../app/me.ts";
import { useAct } from "../../app/useDesk.ts";
import type { RetentionView } from "../../worker/desks/retentionDesk.ts";

/** Which law or advice says how long the practice keeps records; an administrator chooses. */
export function RetentionClass({ view: { chosen, classes } }: { view: RetentionView }) {
  const { t } = useTranslation("retention");
  const { me } = useHere();
  const [isChoosing, setChoosing] = useState(false);
  const [id, setId] = useState(chosen?.id ?? "");
  const choose = useAct(
    (desks, wanted: string) => desks.retention.choose(wanted),
    [["retention"], ["caseload", "retention"]],
  );
  const isAdmin = me.roles.includes("admin");
  if (isAdmin && (chosen === null || isChoosing))
    return (
      <Stack component="section" gap="sm">
        <Title order={2}>{t("class.choose")}</Title>
        <Radio.Group aria-label={t("class.choose")} value={id} onChange={setId}>
          <Stack gap="md">
            {classes.map((each) => (
              <Radio
                key={each.id}
                value={each.id}
                label={t(`class.of.${each.jurisdiction}`)}
                description={<Rule rule={each} />}
              />
            ))}
          </Stack>
        </Radio.Group>
        {choose.error !== null && <FaultNote error={choose.error} />}
        <Group>
          <Button
            loading={choose.isPending}
            disabled={id === ""}
            onClick={() => choose.mutate(id, { onSuccess: () => setChoosing(false) })}
          >
            {t("class.now")}
          </Button>
          {chosen !== null && (
            <Button variant="default" onClick={() => setChoosing(false)}>
              {t("cancel")}
            </Button>
          )}
        </Group>
      </Stack>
    );
  return (
    <Stack component="section" gap="xs">
      <Group justify="space-between">
        <Title order={2}>{t("class.title")}</Title>
        {isAdmin && (
          <Button size="xs" variant="default" onClick={() => setChoosing(true)}>
            {t("class.change")}
          </Button>
        )}
      </Group>
      {chosen === null && <Text c="dimmed">{t("class.none")}</Text>}
      {chosen !== null && (
        <Text component="div">
          {t(`class.of.${chosen.jurisdiction}`)}
          <br />
          <Rule rule={chosen} />
        </Text>
      )}
    </Stack>
  );
}

/** What a class says, with its source. */
function Rule({ rule: { periods, minors, basis, source } }: { rule: RetentionRule }) {
  const { t } = useTranslation("retention");
  return (
    <>
      {periods.map(({ after, years }) => t(`after.${after}`, { count: years })).join("; ")}
      {minors !== undefined && `; ${t("class.minors", { ...minors })}`}
      {". "}
      {t(`class.basis.${basis}`)}: <cite>{source.title}</cite>, {source.place}
    </>
  );
}
