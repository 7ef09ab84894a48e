import { Button, Group, Modal, Stack, Text, Title } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useBlocker } from "@tanstack/react-router";
import { useState, type FormEvent, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { FaultNote } from "../../../../app/FaultNote.tsx";
import noteClasses from "../../note/Note.module.css";

/** A form of a room: nothing that was typed is left behind without asking. */
export function CareForm({
  title,
  save,
  isBusy,
  isReady,
  error,
  onSave,
  onClose,
  children,
}: {
  title: string;
  save: string;
  isBusy: boolean;
  isReady: boolean;
  error: unknown;
  onSave: () => void;
  onClose: () => void;
  children: ReactNode;
}) {
  const { t } = useTranslation("chart");
  const [isTouched, setTouched] = useState(false);
  const [isAsking, asking] = useDisclosure(false);
  const blocker = useBlocker({
    shouldBlockFn: () => isTouched,
    enableBeforeUnload: () => isTouched,
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
    <form
      className={noteClasses["editor"]}
      onSubmit={submit}
      onChange={() => setTouched(true)}
      autoComplete="off"
    >
      <Stack gap="md">
        <Title order={2}>{title}</Title>
        {children}
        {error !== null && <FaultNote error={error} />}
        <Group className={noteClasses["bar"] ?? ""} justify="flex-end" gap="xs">
          <Button variant="default" onClick={isTouched ? asking.open : onClose}>
            {t("cancel")}
          </Button>
          <Button type="submit" loading={isBusy} disabled={!isReady}>
            {save}
          </Button>
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
