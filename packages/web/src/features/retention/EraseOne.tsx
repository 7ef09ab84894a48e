import { Button, Group, Modal, Radio, Stack, Text, TextInput, Title } from "@mantine/core";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";

import type { EraseReason } from "@sinetti/core";

import { FaultNote } from "../../app/FaultNote.tsx";
import { useAct } from "../../app/useDesk.ts";
import { Proposed } from "./EraseDialog.tsx";

const REASONS: readonly EraseReason[] = ["request", "error", "order"];
const ID = /^[0-9a-f]{32}$/;

interface Wish {
  readonly record: string;
  readonly reason: EraseReason;
}

/** A privacy officer asks for the erasure of one record by its id, without being able to open it. */
export function EraseOne() {
  const { t } = useTranslation("retention");
  const [isOpen, setOpen] = useState(false);
  const close = (): void => setOpen(false);
  return (
    <Stack component="section" gap="sm" aria-label={t("one.title")}>
      <Title order={2}>{t("one.title")}</Title>
      <Text maw="var(--reading)">{t("one.about")}</Text>
      <Button variant="default" w="fit-content" onClick={() => setOpen(true)}>
        {t("one.open")}
      </Button>
      <Modal
        opened={isOpen}
        onClose={close}
        title={t("one.title")}
        closeButtonProps={{ "aria-label": t("close") }}
      >
        <Form onClose={close} />
      </Modal>
    </Stack>
  );
}

function Form({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation("retention");
  const [{ record, reason }, setWish] = useState<Wish>({ record: "", reason: "request" });
  const id = record.trim().toLowerCase();
  const propose = useAct(
    (desks, wish: Wish) => desks.erasure.propose(wish.record, wish.reason),
    [["approvals"]],
  );
  if (propose.data !== undefined) return <Proposed proposal={propose.data} onClose={onClose} />;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    propose.mutate({ record: id, reason });
  };
  return (
    <form onSubmit={submit} autoComplete="off">
      <Stack>
        <TextInput
          label={t("one.id")}
          description={t("one.idHint")}
          value={record}
          spellCheck={false}
          data-autofocus
          onChange={({ currentTarget: { value } }) => setWish({ record: value, reason })}
        />
        <Radio.Group
          label={t("erase.why")}
          value={reason}
          onChange={(value) => setWish({ record, reason: value })}
        >
          <Stack gap={6} mt="xs">
            {REASONS.map((each) => (
              <Radio key={each} value={each} label={t(`reason.${each}`)} />
            ))}
          </Stack>
        </Radio.Group>
        {propose.error !== null && <FaultNote error={propose.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t("cancel")}
          </Button>
          <Button type="submit" loading={propose.isPending} disabled={!ID.test(id)}>
            {t("erase.propose")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
