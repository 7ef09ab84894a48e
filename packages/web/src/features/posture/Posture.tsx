import { Alert, Button, Stack, Text } from "@mantine/core";
import { IconInfoCircle } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import { FaultNote } from "../../app/FaultNote.tsx";
import { ScreenHead } from "../../app/ScreenHead.tsx";
import { Waiting } from "../../app/Waiting.tsx";
import { useAct, useView } from "../../app/useDesk.ts";
import { Databases } from "./Databases.tsx";
import { Findings } from "./Findings.tsx";
import { History } from "./History.tsx";
import { Hosts } from "./Hosts.tsx";

/** What the running databases really allow, what is wrong with it and how it is mended, and what became of it. */
export default function Posture() {
  const { t } = useTranslation("posture");
  const { data, error, refetch } = useView(["posture"], (desks) => desks.posture.all(), {
    staleTime: 0,
  });
  const look = useAct((desks, _wish: null) => desks.posture.look(), [["posture"], ["borne"]]);
  return (
    <Stack gap="xl" maw={820}>
      <ScreenHead
        title={t("title")}
        under={
          <Text c="dimmed" maw="var(--reading)">
            {t("what")}
          </Text>
        }
      >
        <Button loading={look.isPending} onClick={() => look.mutate(null)}>
          {t("look")}
        </Button>
      </ScreenHead>
      {error !== null && <FaultNote error={error} retry={() => void refetch()} />}
      {look.error !== null && <FaultNote error={look.error} />}
      {data === undefined && error === null && <Waiting />}
      {look.isPending && (
        <Text role="status" size="sm" c="dimmed">
          {t("looking")}
        </Text>
      )}
      {look.data === false && (
        <Alert role="status" color="stone" icon={<IconInfoCircle />} bg="var(--off)">
          {t("notLooked")}
        </Alert>
      )}
      {data !== undefined && (
        <>
          <Databases databases={data.databases} />
          <Findings databases={data.databases} />
          <Hosts hosts={data.hosts} />
          <History changes={data.changes} />
        </>
      )}
    </Stack>
  );
}
