import { Button, Group, Modal, Stack, Text, TextInput } from "@mantine/core";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";

import { FaultNote } from "../../app/FaultNote.tsx";

/** Asks why, for what stays readable or is told to others. */
export function ReasonDialog({
  isOpen,
  title,
  text,
  act,
  error,
  isBusy,
  onClose,
  onReason,
}: {
  isOpen: boolean;
  title: string;
  text: string;
  act: string;
  error: unknown;
  isBusy: boolean;
  onClose: () => void;
  onReason: (reason: string) => void;
}) {
  const { t } = useTranslation("record");
  const [reason, setReason] = useState("");
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    onReason(reason.trim());
  };
  return (
    <Modal
      opened={isOpen}
      onClose={onClose}
      title={title}
      closeButtonProps={{ "aria-label": t("close") }}
    >
      <Stack component="form" onSubmit={submit}>
        <Text size="sm">{text}</Text>
        <TextInput
          label={t("reason")}
          required
          data-autofocus
          maxLength={500}
          translate="no"
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        {error !== null && <FaultNote error={error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t("cancel")}
          </Button>
          <Button type="submit" loading={isBusy} disabled={reason.trim() === ""}>
            {act}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
