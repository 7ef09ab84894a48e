import { Badge, Group, Stack, Text, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";

import type { Posture, PostureHost } from "@sinetti/client";

import { sayInstant } from "../../app/dates.ts";
import { FindingList } from "./FindingList.tsx";
import classes from "./Posture.module.css";

/** What each host of the plan has signed of what it reaches, and which are late. */
export function Hosts({ hosts }: { hosts: Posture["hosts"] }) {
  const { t } = useTranslation("posture");
  const findings = hosts?.findings.map((finding) => ({ ...finding, databases: [] })) ?? [];
  return (
    <Stack gap="xs" component="section" aria-labelledby="posture-hosts">
      <Title order={2} id="posture-hosts">
        {t("hosts.title")}
      </Title>
      {hosts === null ? (
        <Text c="dimmed" maw="var(--reading)">
          {t("hosts.none")}
        </Text>
      ) : (
        <>
          <dl className={classes["facts"]}>
            {hosts.said.map((host) => (
              <div key={host.host}>
                <dt translate="no">{host.host}</dt>
                <dd>
                  <Said host={host} />
                </dd>
              </div>
            ))}
          </dl>
          <FindingList rows={findings} />
        </>
      )}
    </Stack>
  );
}

function Said({ host: { said, isLate, isOfPlan, signature, wrong } }: { host: PostureHost }) {
  const { t } = useTranslation("posture");
  if (said === null) return <Text c="alarm">{t("hosts.silent")}</Text>;
  const doubts = [
    ...(isLate ? [t("hosts.late")] : []),
    ...(signature === "good" ? [] : [t(`hosts.signature.${signature}`)]),
    ...(isOfPlan ? [] : [t("hosts.otherPlan")]),
  ];
  return (
    <Group gap="xs">
      <Text>
        {t("hosts.said", { at: sayInstant(said) })}
        {", "}
        {wrong === 0 ? t("hosts.right") : t("hosts.wrong", { count: wrong })}
      </Text>
      {doubts.map((doubt) => (
        <Badge key={doubt} color="alarm" variant="light">
          {doubt}
        </Badge>
      ))}
    </Group>
  );
}
