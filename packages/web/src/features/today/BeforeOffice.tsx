import { Button, Group, Progress, Stack, Text, Title } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useQueryClient } from "@tanstack/react-query";

import { FaultNote } from "../../app/FaultNote.tsx";
import { desks } from "../../app/link.ts";
import { runLong } from "../../app/running.ts";
import { useView } from "../../app/useDesk.ts";
import classes from "./Today.module.css";

/** An office begins with its people: what is heard of them asks again. */
const KEY = ["people", "beforeOffice"];

/** The patients whom an office that came after them cannot find; one press lets it in. */
export function BeforeOffice() {
  const { t } = useTranslation("today");
  const queries = useQueryClient();
  const { data = [] } = useView(KEY, (each) => each.today.beforeOffice());
  const [done, setDone] = useState<number | null>(null);
  const [error, setError] = useState<Error | null>(null);
  if (data.length === 0) return null;
  const letIn = async (): Promise<void> => {
    let isStopped = false;
    const stop = async (): Promise<void> => {
      isStopped = true;
    };
    setError(null);
    setDone(0);
    const work = async (): Promise<void> => {
      const { today } = await desks();
      for (const [index, patient] of data.entries()) {
        if (isStopped) return;
        await today.letOfficeIn(patient);
        setDone(index + 1);
      }
    };
    try {
      await runLong(work(), stop);
    } catch (failed) {
      setError(failed as Error);
    }
    setDone(null);
    await queries.invalidateQueries({ queryKey: KEY });
  };
  return (
    <Stack component="section" gap="xs" className={classes["room"] ?? ""}>
      <Title order={2}>{t("beforeOffice.title")}</Title>
      <Text>{t("beforeOffice.text", { count: data.length })}</Text>
      {done === null ? (
        <Group gap="xs">
          <Button variant="default" onClick={() => void letIn()}>
            {t("beforeOffice.now")}
          </Button>
          <Button variant="subtle" color="stone" onClick={() => queries.setQueryData(KEY, [])}>
            {t("beforeOffice.later")}
          </Button>
        </Group>
      ) : (
        <>
          <Progress
            value={(100 * done) / data.length}
            aria-label={t("beforeOffice.now")}
            transitionDuration={0}
          />
          <Text size="sm" role="status">
            {t("beforeOffice.done", { done, count: data.length })}
          </Text>
        </>
      )}
      {error !== null && <FaultNote error={error} />}
    </Stack>
  );
}
