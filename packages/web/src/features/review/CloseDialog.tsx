import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";

import { FaultNote } from "../../app/FaultNote.tsx";
import { saveFile } from "../../app/saveFile.ts";
import { useAct } from "../../app/useDesk.ts";
import type { Desks } from "../../app/link.ts";
import type { ReviewView } from "../../worker/review/reviewRows.ts";

async function closeAndSave(desks: Desks, round: string): Promise<void> {
  await desks.review.close(round);
  const [paper, file] = await desks.review.record(round);
  saveFile(paper);
  saveFile(file, "application/cbor");
}

/** Closes a round and saves its record; says what is left to end on its day. */
export function CloseDialog({
  view,
  onStay,
  onClosed,
}: {
  view: ReviewView | null;
  onStay: () => void;
  onClosed: () => void;
}) {
  const { t } = useTranslation("review");
  const close = useAct(closeAndSave, [["review"]]);
  const left = view?.rows.filter(({ verdict }) => verdict === null).length ?? 0;
  return (
    <Modal
      opened={view !== null}
      onClose={onStay}
      title={t("close.title")}
      closeButtonProps={{ "aria-label": t("close.stay") }}
    >
      <Stack>
        <Text>{left === 0 ? t("close.all") : t("close.left", { count: left })}</Text>
        <Text size="sm" c="dimmed">
          {t("close.what")}
        </Text>
        {close.error !== null && <FaultNote error={close.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onStay}>
            {t("close.stay")}
          </Button>
          <Button
            data-autofocus
            loading={close.isPending}
            onClick={() => view !== null && close.mutate(view.round, { onSuccess: onClosed })}
          >
            {t("close.now")}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
