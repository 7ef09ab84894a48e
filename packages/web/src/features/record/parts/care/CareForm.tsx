import { Button, Group, Modal, Stack, Text, Title } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useBlocker } from "@tanstack/react-router";
import type { FormEvent, ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { FaultNote } from "../../../../app/FaultNote.tsx";
import { KeptText, RestoredNote, ThrowAway } from "../../../../app/drafting/FormDraft.tsx";
import type { FormDraftView } from "../../../../app/drafting/useForm.ts";
import noteClasses from "../../note/Note.module.css";

/** A form of a room. What was typed is kept as a draft; where that failed, nothing is left behind without asking. */
export function CareForm({
  title,
  save,
  draft,
  isOvertaken = false,
  isBusy,
  isReady,
  error,
  onSave,
  onClose,
  children,
}: {
  title: string;
  save: string;
  draft: FormDraftView;
  /** Something newer was signed since the draft began. */
  isOvertaken?: boolean;
  isBusy: boolean;
  isReady: boolean;
  error: unknown;
  onSave: () => void;
  onClose: () => void;
  children: ReactNode;
}) {
  const { t } = useTranslation("chart");
  const [isAsking, asking] = useDisclosure(false);
  const isAtRisk = draft.kept === "failed";
  const blocker = useBlocker({
    shouldBlockFn: () => isAtRisk,
    enableBeforeUnload: () => isAtRisk,
    withResolver: true,
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    onSave();
  };
  const isLeaving = isAsking || blocker.status === "blocked";
  const stay = (): void => {
    asking.close();
    if (blocker.status === "blocked") blocker.reset();
  };
  const leave = (): void => {
    if (blocker.status === "blocked") blocker.proceed();
    else onClose();
  };
  return (
    <form className={noteClasses["editor"]} onSubmit={submit} autoComplete="off">
      <Stack gap="md">
        <Title order={2}>{title}</Title>
        <RestoredNote draft={draft} isOvertaken={isOvertaken} />
        {children}
        {error !== null && <FaultNote error={error} />}
        <Group className={noteClasses["bar"] ?? ""} justify="space-between" gap="xs">
          <KeptText draft={draft} />
          <Group gap="xs">
            {draft.isBegun && <ThrowAway onThrow={() => draft.strike().then(onClose)} />}
            <Button variant="default" onClick={isAtRisk ? asking.open : onClose}>
              {t("closeForm")}
            </Button>
            <Button type="submit" loading={isBusy} disabled={!isReady}>
              {save}
            </Button>
          </Group>
        </Group>
        <Modal
          opened={isLeaving}
          onClose={stay}
          title={t("leave.title")}
          closeButtonProps={{ "aria-label": t("leave.stay") }}
        >
          <Stack>
            <Text size="sm">{t("leave.text")}</Text>
            <Group justify="flex-end">
              <Button variant="default" onClick={leave}>
                {t("leave.leave")}
              </Button>
              <Button onClick={stay} data-autofocus>
                {t("leave.stay")}
              </Button>
            </Group>
          </Stack>
        </Modal>
      </Stack>
    </form>
  );
}
