import { Button, Group, Modal, Progress, Stack, Text } from "@mantine/core";
import { proxy } from "comlink";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { ReadDocument } from "@sinetti/client";

import { FaultNote, faultOfError } from "../../../../app/FaultNote.tsx";
import { sayDate } from "../../../../app/dates.ts";
import { saveFile } from "../../../../app/saveFile.ts";
import { useAct } from "../../../../app/useDesk.ts";
import type { DocumentLine } from "../../../../worker/desks/documentDesk.ts";
import { ReasonDialog } from "../../ReasonDialog.tsx";
import timelineClasses from "../../timeline/Timeline.module.css";
import { Preview } from "./Preview.tsx";
import { saySize } from "./saySize.ts";

/** One document: look at it, take a copy out, take it back. */
export function DocumentItem({
  patient,
  line,
  canWrite,
}: {
  patient: string;
  line: DocumentLine;
  canWrite: boolean;
}) {
  const { t } = useTranslation("chart");
  const { t: tRecord } = useTranslation("record");
  const { entry, title, sizeBytes, on, by } = line;
  const [job] = useState(() => crypto.randomUUID());
  const [got, setGot] = useState(0);
  const [shown, setShown] = useState<ReadDocument | null>(null);
  const [asked, setAsked] = useState<"download" | "takeBack" | null>(null);
  const onBytes = (): ((bytes: number) => void) => proxy((bytes: number) => setGot(bytes));
  const show = useAct((desks) => desks.document.show(patient, { entry, job }, onBytes()));
  const giveOut = useAct(
    (desks) => desks.document.giveOut(patient, { entry, job }, onBytes()),
    [["record", patient]],
  );
  const stop = useAct((desks) => desks.document.stop(job));
  const takeBack = useAct(
    (desks, reason: string) => desks.document.takeBack(patient, { entry, reason }),
    [["record", patient]],
  );
  const isBusy = show.isPending || giveOut.isPending;
  const error = [show.error, giveOut.error].find(
    (each) => each !== null && faultOfError(each).code !== "stopped",
  );
  const download = (): void => {
    setGot(0);
    giveOut.mutate(undefined, {
      onSuccess: ({ bytes, mediaType }) => {
        saveFile({ name: title, bytes }, mediaType);
        giveOut.reset();
        setAsked(null);
      },
    });
  };
  return (
    <Stack gap={4} className={timelineClasses["entry"] ?? ""} component="article">
      <Text fw={600} translate="no">
        {title}
      </Text>
      <Text size="sm" c="dimmed">
        {[sayDay(on), sizeBytes === null ? null : saySize(sizeBytes), by ?? tRecord("somebody")]
          .filter((fact) => fact !== null)
          .join(" · ")}
      </Text>
      <Group gap="xs">
        <Button
          variant="default"
          size="xs"
          loading={show.isPending}
          onClick={() => {
            setGot(0);
            // What was opened is held by the window alone, and gone with it.
            show.mutate(undefined, {
              onSuccess: (read) => {
                setShown(read);
                show.reset();
              },
            });
          }}
        >
          {t("documents.show")}
        </Button>
        <Button variant="subtle" size="xs" onClick={() => setAsked("download")}>
          {t("documents.download")}
        </Button>
        {canWrite && (
          <Button variant="subtle" size="xs" onClick={() => setAsked("takeBack")}>
            {t("takeBack")}
          </Button>
        )}
      </Group>
      {isBusy && sizeBytes !== null && sizeBytes > 1_000_000 && (
        <Group>
          <Progress
            flex={1}
            value={(got / sizeBytes) * 100}
            aria-label={t("documents.progress", { name: title })}
          />
          <Button size="compact-sm" variant="default" onClick={() => stop.mutate(undefined)}>
            {t("documents.stop")}
          </Button>
        </Group>
      )}
      {error !== undefined && <FaultNote error={error} />}
      {takeBack.data === "waiting" && <Text role="status">{t("waits")}</Text>}
      {shown !== null && (
        <Preview
          document={shown}
          onClose={() => setShown(null)}
          onGiveOut={() => {
            setShown(null);
            setAsked("download");
          }}
        />
      )}
      <Modal
        opened={asked === "download"}
        onClose={() => setAsked(null)}
        title={t("documents.download")}
        closeButtonProps={{ "aria-label": t("documents.close") }}
      >
        <Stack>
          <Text size="sm">{t("documents.downloadHint")}</Text>
          <Group justify="flex-end">
            <Button variant="default" onClick={() => setAsked(null)}>
              {t("cancel")}
            </Button>
            <Button loading={giveOut.isPending} onClick={download}>
              {t("documents.downloadNow")}
            </Button>
          </Group>
        </Stack>
      </Modal>
      <ReasonDialog
        isOpen={asked === "takeBack"}
        title={t("takeBack")}
        text={t("takeBackHint")}
        act={t("takeBack")}
        error={takeBack.error}
        isBusy={takeBack.isPending}
        onClose={() => setAsked(null)}
        onReason={(reason) => takeBack.mutate(reason, { onSuccess: () => setAsked(null) })}
      />
    </Stack>
  );
}

const sayDay = (date: string): string => (date.length < 10 ? date : sayDate(date));
