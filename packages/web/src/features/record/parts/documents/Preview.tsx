import { Button, Group, Image, Modal, Stack, Text } from "@mantine/core";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";

import type { ReadDocument } from "@sinetti/client";

import timelineClasses from "../../timeline/Timeline.module.css";

/** A document on the screen: pictures and text. Nothing of it is run, and nothing is left when it closes. */
export function Preview({
  document: shown,
  onClose,
  onGiveOut,
}: {
  document: ReadDocument;
  onClose: () => void;
  onGiveOut: () => void;
}) {
  const { t } = useTranslation("chart");
  const { title, preview } = shown;
  return (
    <Modal
      opened
      onClose={onClose}
      size="xl"
      title={<span translate="no">{title}</span>}
      closeButtonProps={{ "aria-label": t("documents.close") }}
    >
      <Stack>
        {preview === null && <Text>{t("documents.notShown")}</Text>}
        {preview === "application/pdf" && <Text>{t("documents.pdf")}</Text>}
        {preview === "text/plain" && (
          <Text className={timelineClasses["reading"] ?? ""} translate="no">
            {new TextDecoder().decode(shown.bytes)}
          </Text>
        )}
        {preview?.startsWith("image/") === true && <Picture document={shown} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onGiveOut}>
            {t("documents.download")}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

function Picture({ document: { title, bytes, preview } }: { document: ReadDocument }) {
  const [url, setUrl] = useState<string | null>(null);
  useEffect(() => {
    const made = URL.createObjectURL(
      new Blob([Uint8Array.from(bytes)], { type: preview ?? "image/png" }),
    );
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [bytes, preview]);
  return url === null ? null : <Image src={url} alt={title} fit="contain" mah="70vh" />;
}
