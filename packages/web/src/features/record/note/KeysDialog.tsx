import { Kbd, Modal, Table } from "@mantine/core";
import { useDisclosure, useHotkeys } from "@mantine/hooks";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

const KEYS = [
  ["next", "Alt ↓"],
  ["before", "Alt ↑"],
  ["template", "Alt T"],
  ["save", "Ctrl S"],
  ["sign", "Ctrl Enter"],
  ["close", "Esc"],
  ["show", "?"],
] as const;

/** The keys of the editor, shown by `?` outside a field and by Ctrl+/ anywhere. */
export function useKeysDialog(): { open: () => void; dialog: ReactNode } {
  const { t } = useTranslation("record");
  const [isOpen, { open, close }] = useDisclosure(false);
  useHotkeys([["shift+?", open]]);
  useHotkeys([["mod+/", open]], []);
  const dialog = (
    <Modal
      opened={isOpen}
      onClose={close}
      title={t("keys.title")}
      closeButtonProps={{ "aria-label": t("close") }}
    >
      <Table>
        <Table.Tbody>
          {KEYS.map(([name, key]) => (
            <Table.Tr key={name}>
              <Table.Td>{t(`keys.${name}`)}</Table.Td>
              <Table.Td ta="right">
                <Kbd>{key}</Kbd>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Modal>
  );
  return { open, dialog };
}
