import { Stack, Text } from "@mantine/core";
import { Dropzone } from "@mantine/dropzone";
import { IconFilePlus } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { FaultNote } from "../../../app/FaultNote.tsx";
import { Waiting } from "../../../app/Waiting.tsx";
import { useView } from "../../../app/useDesk.ts";
import type { PartProps } from "../parts.ts";
import { DocumentItem } from "./documents/DocumentItem.tsx";
import { UploadLine } from "./documents/UploadLine.tsx";
import { saySize } from "./documents/saySize.ts";
import { useUploads } from "./documents/useUploads.ts";

import "@mantine/dropzone/styles.css";

/** The documents of a record: dropped in, sealed on the way, looked at here. */
export default function Documents({ patient }: PartProps) {
  const { t } = useTranslation("chart");
  const {
    data: room,
    error,
    refetch,
  } = useView(["record", patient, "documents"], (desks) => desks.document.read(patient));
  const { uploads, add, stop, again } = useUploads(patient);
  const [refused, setRefused] = useState<readonly string[]>([]);
  if (error !== null) return <FaultNote error={error} retry={() => void refetch()} />;
  if (room === undefined) return <Waiting />;
  const { canWrite, maxBytes, documents } = room;
  return (
    <Stack gap="md">
      {canWrite && (
        <Dropzone
          onDrop={(files) => {
            setRefused([]);
            add(files);
          }}
          onReject={(files) => setRefused(files.map(({ file: { name } }) => name))}
          maxSize={maxBytes}
          maw={720}
          inputProps={{ "aria-label": t("documents.choose") }}
        >
          <Stack align="center" gap={4} py="md">
            <IconFilePlus aria-hidden />
            <Text>{t("documents.drop")}</Text>
            <Text size="sm" c="dimmed">
              {t("documents.dropHint", { size: saySize(maxBytes) })}
            </Text>
          </Stack>
        </Dropzone>
      )}
      {refused.length > 0 && (
        <Text role="alert">
          {t("documents.tooLarge", { names: refused.join(", "), size: saySize(maxBytes) })}
        </Text>
      )}
      {uploads
        .filter(({ state }) => state !== "written")
        .map((upload) => (
          <UploadLine
            key={upload.id}
            upload={upload}
            onStop={() => stop(upload.id)}
            onAgain={() => again(upload.id)}
          />
        ))}
      {documents.length === 0 && (
        <Text c="dimmed">{t(canWrite ? "documents.empty" : "documents.none")}</Text>
      )}
      {documents.map((line) => (
        <DocumentItem key={line.entry} patient={patient} line={line} canWrite={canWrite} />
      ))}
    </Stack>
  );
}
