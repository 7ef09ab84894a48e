import { Button, Code, Group, Stack, Text, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";

import { FaultNote } from "../../app/FaultNote.tsx";
import { sayInstant } from "../../app/dates.ts";
import { shownLanguage } from "../../app/language.ts";
import { saveFile } from "../../app/saveFile.ts";
import { useAct, useView } from "../../app/useDesk.ts";
import type { OwnErasure } from "../../worker/erasure/erasureRows.ts";
import { ApproveErasure } from "./ApproveErasure.tsx";

const ALL = [["approvals"], ["retention"], ["caseload"], ["record"], ["today"], ["calendar"]];

/** Erasures that are under way: those of this device with their certificates, and those of others that wait for a second person. */
export function Erasures() {
  const { t } = useTranslation("retention");
  const { data, error, refetch } = useView(["approvals", "erasures"], (desks) =>
    desks.erasure.view(),
  );
  if (error !== null) return <FaultNote error={error} retry={() => void refetch()} />;
  if (data === undefined) return null;
  return (
    <>
      <ApproveErasure rows={data.waiting} topics={ALL} />
      {data.own.length + data.elsewhere > 0 && (
        <Stack component="section" aria-label={t("own.title")} gap="md">
          <Title order={2}>{t("own.title")}</Title>
          {data.elsewhere > 0 && <Text>{t("own.elsewhere", { count: data.elsewhere })}</Text>}
          {data.own.map((erasure) => (
            <OwnRow key={erasure.request} erasure={erasure} />
          ))}
        </Stack>
      )}
    </>
  );
}

function OwnRow({ erasure }: { erasure: OwnErasure }) {
  const { t } = useTranslation("retention");
  const { request, name, reason, records, state } = erasure;
  const finish = useAct((desks) => desks.erasure.finish(request), ALL);
  const cancel = useAct((desks) => desks.erasure.cancel(request), ALL);
  const certificate = useAct((desks) => desks.erasure.certificate(request, shownLanguage()));
  const error = finish.error ?? cancel.error ?? certificate.error;
  const isBusy = finish.isPending || cancel.isPending;
  return (
    <Stack gap="xs">
      <Group justify="space-between" align="flex-start">
        <Stack gap={2} maw={520}>
          <Text fw={600} translate="no">
            {name ?? t("own.nameless", { request })}
          </Text>
          <Text size="sm" c="dimmed">
            {t(`reason.${reason}`)} · {t("own.records", { count: records })}
          </Text>
          <Text size="sm">{sayState(erasure, t)}</Text>
          {state === "person" && <Code w="fit-content">{request}</Code>}
        </Stack>
        <Group gap="xs">
          {(state === "person" || state === "day") && (
            <Button
              size="xs"
              variant="default"
              disabled={isBusy}
              onClick={() => cancel.mutate(null)}
            >
              {t("own.cancel")}
            </Button>
          )}
          {state === "ready" && (
            <Button size="xs" loading={isBusy} onClick={() => finish.mutate(null)}>
              {t("own.finish")}
            </Button>
          )}
          {state === "finished" && (
            <Button
              size="xs"
              variant="default"
              loading={certificate.isPending}
              onClick={() => certificate.mutate(null, { onSuccess: (file) => saveFile(file) })}
            >
              {t("own.certificate")}
            </Button>
          )}
        </Group>
      </Group>
      {finish.data !== undefined && finish.data > 0 && (
        <Text role="status" size="sm">
          {t("own.still", { count: finish.data })}
        </Text>
      )}
      {error !== null && <FaultNote error={error} />}
    </Stack>
  );
}

type Say = ReturnType<typeof useTranslation<"retention">>["t"];

function sayState({ state, dueAt, finished }: OwnErasure, t: Say): string {
  if (state === "finished") return t("own.finished", { at: sayInstant(finished ?? "") });
  if (state === "day" && dueAt !== null)
    return t("own.day", { at: sayInstant(new Date(dueAt * 1000).toISOString()) });
  return t(`own.${state}`);
}
