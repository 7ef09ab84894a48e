import { Accordion, Badge, Button, Code, CopyButton, Group, Stack, Text } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import { sayDate, sayInstant } from "../../app/dates.ts";
import classes from "./Posture.module.css";
import type { FindingRow } from "./findingRows.ts";

const COLOR = { critical: "alarm", high: "alarm", medium: "stone", low: "stone" } as const;

/** As part of an id of the page, which holds no spaces. */
const slugOf = ({ databases, id, object }: FindingRow): string =>
  [...databases, id, object]
    .join(" ")
    .replaceAll(/[^a-zA-Z0-9]/g, (sign) => `-${sign.charCodeAt(0).toString(36)}-`);

/** Findings that open to why they matter and what exactly mends them. */
export function FindingList({ rows }: { rows: readonly FindingRow[] }) {
  const first = rows.filter(({ severity }) => severity === "critical").map(slugOf);
  if (rows.length === 0) return null;
  return (
    <Accordion multiple variant="contained" order={3} defaultValue={first}>
      {rows.map((row) => (
        <Accordion.Item key={slugOf(row)} value={slugOf(row)}>
          <Accordion.Control>
            <Heading row={row} />
          </Accordion.Control>
          <Accordion.Panel>
            <Details row={row} />
          </Accordion.Panel>
        </Accordion.Item>
      ))}
    </Accordion>
  );
}

function Heading({ row }: { row: FindingRow }) {
  const { t } = useTranslation("posture");
  const { severity, state, object, title, databases } = row;
  return (
    <Stack gap={4} component="span">
      <Group gap={6} component="span">
        <Badge
          color={COLOR[severity]}
          variant={severity === "critical" ? "filled" : "light"}
          component="span"
        >
          {t(`severity.${severity}`)}
        </Badge>
        {state === "regressed" && (
          <Badge color="alarm" variant="light" component="span">
            {t("back")}
          </Badge>
        )}
        <Text span size="sm" c="dimmed">
          {databases.map((each) => t(`database.${each}`)).join(", ")}
        </Text>
      </Group>
      <Text span fw={600} lang="en">
        {title}
      </Text>
      <Text span size="sm" ff="monospace" className={classes["object"] ?? ""} translate="no">
        {object}
      </Text>
    </Stack>
  );
}

function Details({ row }: { row: FindingRow }) {
  const { t } = useTranslation("posture");
  const { id, why, mend, first, regressions, until, reason, by } = row;
  return (
    <Stack gap="sm">
      {until !== null && (
        <Stack gap={2}>
          <Text fw={600}>{t("borne.until", { date: sayDate(until) })}</Text>
          {reason !== null && <Text>{t("borne.reason", { reason })}</Text>}
          <Text size="sm" c="dimmed">
            {by.length === 0 ? t("borne.byOthers") : t("borne.by", { names: by.join(", ") })}
          </Text>
        </Stack>
      )}
      <Text lang="en" maw="var(--reading)">
        {why}
      </Text>
      <Mend mend={mend} />
      <Text size="sm" c="dimmed">
        {t("seen", { id, at: sayInstant(first) })}
        {regressions > 0 && ` ${t("regressions", { count: regressions })}`}
      </Text>
    </Stack>
  );
}

function Mend({ mend }: { mend: string | null }) {
  const { t } = useTranslation("posture");
  if (mend === null) return <Text>{t("mend.long")}</Text>;
  return (
    <Stack gap={6}>
      <Text size="sm" fw={600}>
        {t("mend.title")}
      </Text>
      <Code block className={classes["mend"] ?? ""} translate="no" lang="en">
        {mend}
      </Code>
      <CopyButton value={mend}>
        {({ copied, copy }) => (
          <Button
            w="fit-content"
            size="compact-sm"
            variant="default"
            leftSection={copied ? <IconCheck size={16} /> : <IconCopy size={16} />}
            onClick={copy}
          >
            <span aria-live="polite">{copied ? t("mend.copied") : t("mend.copy")}</span>
          </Button>
        )}
      </CopyButton>
    </Stack>
  );
}
