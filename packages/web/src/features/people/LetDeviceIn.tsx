import { Button, Group, Modal, Stack, Text, TextInput } from "@mantine/core";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";

import { FaultNote } from "../../app/FaultNote.tsx";
import { useHere } from "../../app/me.ts";
import { CodeField } from "../../app/scanning/CodeField.tsx";
import { useAct } from "../../app/useDesk.ts";
import { OutcomeNote } from "./OutcomeNote.tsx";

/** Lets a further device of one's own in, by the code that it shows. */
export function LetDeviceIn({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const { t } = useTranslation("people");
  return (
    <Modal
      opened={isOpen}
      onClose={onClose}
      title={t("letIn.title")}
      closeButtonProps={{ "aria-label": t("close") }}
    >
      <LetDeviceInForm onClose={onClose} />
    </Modal>
  );
}

function LetDeviceInForm({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation("people");
  const { me } = useHere();
  const [code, setCode] = useState("");
  const [name, setName] = useState("");
  const letIn = useAct(
    (desks, shown: string) => desks.people.letIn(shown, name),
    [["people"], ["locks"]],
  );
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    letIn.mutate(code.trim());
  };
  if (letIn.data !== undefined)
    return (
      <Stack>
        <OutcomeNote outcome={letIn.data} />
        <Text size="sm">{t("letIn.after")}</Text>
        <Text size="sm" ff="monospace">
          {me.practice}
        </Text>
        <Group justify="flex-end">
          <Button onClick={onClose}>{t("close")}</Button>
        </Group>
      </Stack>
    );
  return (
    <form onSubmit={submit}>
      <Stack>
        <Text size="sm">{t("letIn.how")}</Text>
        <CodeField code={code} hasFocus onCode={setCode} />
        <TextInput
          label={t("letIn.called")}
          description={t("devices.calledHint")}
          value={name}
          maxLength={60}
          translate="no"
          onChange={(event) => setName(event.currentTarget.value)}
        />
        {letIn.error !== null && <FaultNote error={letIn.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t("cancel")}
          </Button>
          <Button type="submit" loading={letIn.isPending} disabled={code.trim() === ""}>
            {t("letIn.now")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
