import { ActionIcon, Button, Group, Menu, Modal, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconDots, IconKeyboard, IconTrash } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import { useKeysDialog } from "./KeysDialog.tsx";
import classes from "./Note.module.css";
import type { KeptState } from "../../../app/drafting/draftKeeper.ts";

/** Where the text is, and what can be done with it; always in sight. */
export function DraftBar({
  kept,
  isSigning,
  onSign,
  onClose,
  onDrop,
}: {
  kept: KeptState | null;
  isSigning: boolean;
  onSign: () => void;
  onClose: () => void;
  onDrop: (() => void) | null;
}) {
  const { t } = useTranslation("record");
  const keys = useKeysDialog();
  const [isDropping, dropping] = useDisclosure(false);
  return (
    <Group className={classes["bar"] ?? ""} justify="space-between" gap="xs">
      <Text size="sm" c="dimmed" role="status" aria-live="polite">
        {t(`kept.${kept ?? "begun"}`)}
      </Text>
      <Group gap="xs">
        <Menu position="top-end">
          <Menu.Target>
            <ActionIcon variant="default" size={36} aria-label={t("more")}>
              <IconDots size={18} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item leftSection={<IconKeyboard size={16} />} onClick={keys.open}>
              {t("keys.title")}
            </Menu.Item>
            {onDrop !== null && (
              <Menu.Item leftSection={<IconTrash size={16} />} onClick={dropping.open}>
                {t("note.drop")}
              </Menu.Item>
            )}
          </Menu.Dropdown>
        </Menu>
        <Button variant="default" onClick={onClose}>
          {t("note.close")}
        </Button>
        <Button onClick={onSign} loading={isSigning}>
          {t("note.sign")}
        </Button>
      </Group>
      {keys.dialog}
      <Modal
        opened={isDropping}
        onClose={dropping.close}
        title={t("note.drop")}
        closeButtonProps={{ "aria-label": t("close") }}
      >
        <Stack>
          <Text size="sm">{t("note.dropAsk")}</Text>
          <Group justify="flex-end">
            <Button variant="default" onClick={dropping.close}>
              {t("cancel")}
            </Button>
            <Button onClick={() => onDrop?.()}>{t("note.drop")}</Button>
          </Group>
        </Stack>
      </Modal>
    </Group>
  );
}
