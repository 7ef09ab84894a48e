import { Button, Checkbox, Group, Modal, Stack, Text, TextInput } from "@mantine/core";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";

import type { Role } from "@sinetti/core";

import { FaultNote } from "../../app/FaultNote.tsx";
import { CodeField } from "../../app/scanning/CodeField.tsx";
import { useAct } from "../../app/useDesk.ts";
import { OutcomeNote } from "./OutcomeNote.tsx";
import { ROLE_CHOICE } from "./roleChoice.ts";

/** Lets in somebody new, whose own device shows a code. */
export function AddPerson({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const { t } = useTranslation("people");
  return (
    <Modal
      opened={isOpen}
      onClose={onClose}
      title={t("add.title")}
      closeButtonProps={{ "aria-label": t("close") }}
    >
      <AddPersonForm onClose={onClose} />
    </Modal>
  );
}

function AddPersonForm({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation("people");
  const { t: tApp } = useTranslation("app");
  const [name, setName] = useState("");
  const [code, setCode] = useState("");
  const [roles, setRoles] = useState<Role[]>(["therapist"]);
  const add = useAct(
    (desks, wish: { name: string; code: string; roles: readonly Role[] }) => desks.people.add(wish),
    [["people"], ["approvals"]],
  );
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    add.mutate({ name: name.trim(), code: code.trim(), roles });
  };
  if (add.data !== undefined)
    return (
      <Stack>
        <OutcomeNote outcome={add.data} />
        <Text size="sm" c="dimmed">
          {t("add.after")}
        </Text>
        <Group justify="flex-end">
          <Button onClick={onClose}>{t("close")}</Button>
        </Group>
      </Stack>
    );
  return (
    <form onSubmit={submit}>
      <Stack>
        <Text size="sm">{t("add.how")}</Text>
        <TextInput
          label={t("name")}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          data-autofocus
        />
        <Checkbox.Group label={t("roles")} value={roles} onChange={(chosen) => setRoles(chosen)}>
          <Stack gap={6} mt="xs">
            {ROLE_CHOICE.map((role) => (
              <Checkbox
                key={role}
                value={role}
                label={tApp(`roles.${role}`)}
                description={t(`may.${role}`)}
              />
            ))}
          </Stack>
        </Checkbox.Group>
        <CodeField code={code} onCode={setCode} />
        {add.error !== null && <FaultNote error={add.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t("cancel")}
          </Button>
          <Button
            type="submit"
            loading={add.isPending}
            disabled={name.trim() === "" || code.trim() === "" || roles.length === 0}
          >
            {t("add.now")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
