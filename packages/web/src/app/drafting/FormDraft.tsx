import { Alert, Button, Group, Modal, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconPencil } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import { FaultNote } from "../FaultNote.tsx";
import { sayInstant } from "../dates.ts";
import type { FormDraftView } from "./useForm.ts";

/** Says that a form goes on where it was left, and where something newer was signed meanwhile. */
export function RestoredNote({
  draft: { restoredAt, error },
  isOvertaken,
}: {
  draft: FormDraftView;
  isOvertaken: boolean;
}) {
  const { t } = useTranslation("forms");
  return (
    <>
      {restoredAt !== null && (
        <Alert role="status" color="stone" icon={<IconPencil />}>
          <Text size="sm">{t("restored", { at: sayInstant(restoredAt) })}</Text>
        </Alert>
      )}
      {isOvertaken && (
        <Alert role="alert" color="stone" title={t("overtaken.title")}>
          <Text size="sm">{t("overtaken.text")}</Text>
        </Alert>
      )}
      {error !== null && <FaultNote error={error} />}
    </>
  );
}

/** Where the words of a form are. */
export function KeptText({ draft: { kept, restoredAt } }: { draft: FormDraftView }) {
  const { t } = useTranslation("forms");
  return (
    <Text size="sm" c="dimmed" role="status" aria-live="polite">
      {t(`kept.${kept ?? (restoredAt === null ? "begun" : "kept-here")}`)}
    </Text>
  );
}

/** Throws a draft away, after asking. */
export function ThrowAway({ onThrow }: { onThrow: () => Promise<unknown> }) {
  const { t } = useTranslation("forms");
  const { t: tApp } = useTranslation("app");
  const [isAsking, asking] = useDisclosure(false);
  return (
    <>
      <Button variant="subtle" onClick={asking.open}>
        {t("throw")}
      </Button>
      <Modal
        opened={isAsking}
        onClose={asking.close}
        title={t("throwAway")}
        closeButtonProps={{ "aria-label": tApp("close") }}
      >
        <Stack>
          <Text size="sm">{t("throwAwayAsk")}</Text>
          <Group justify="flex-end">
            <Button variant="default" onClick={asking.close}>
              {tApp("cancel")}
            </Button>
            <Button onClick={() => void onThrow().then(asking.close)}>{t("throwAway")}</Button>
          </Group>
        </Stack>
      </Modal>
    </>
  );
}
