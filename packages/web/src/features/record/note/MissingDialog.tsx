import { Anchor, List, Modal, Stack, Text } from "@mantine/core";
import type { NoteTemplate } from "@sinetti/practice";
import type { RefObject } from "react";
import { useTranslation } from "react-i18next";

import type { Missing } from "../../../worker/desks/noteDesk.ts";
import { sayWords } from "./sayWords.ts";

/** What a note lacks before it can be signed, each a way to its field. */
export function MissingDialog({
  missing,
  template,
  root,
  onClose,
}: {
  missing: readonly Missing[];
  template: NoteTemplate | undefined;
  root: RefObject<HTMLDivElement | null>;
  onClose: () => void;
}) {
  const { t } = useTranslation("record");
  const leaveTo = (field: string): void => {
    onClose();
    root.current?.querySelector<HTMLElement>(field)?.focus();
  };
  const fieldOf = (id: string): string => `textarea[data-section="${CSS.escape(id)}"]`;
  const first = missing.find((each) => each.is === "section");
  const nameOf = (id: string): string => {
    const label = template?.sections.find((each) => each.id === id)?.label;
    return label === undefined ? id : sayWords(label);
  };
  return (
    <Modal
      opened={missing.length > 0}
      onClose={() => leaveTo(first === undefined ? "textarea" : fieldOf(first.id))}
      title={t("missing.title")}
      returnFocus={false}
      closeButtonProps={{ "aria-label": t("close") }}
    >
      <Stack>
        <Text size="sm">{t("missing.kept")}</Text>
        <List>
          {missing.map((each) => (
            <List.Item key={"id" in each ? each.id : each.is}>
              {"id" in each ? (
                <>
                  <Anchor
                    component="button"
                    type="button"
                    onClick={() => leaveTo(fieldOf(each.id))}
                  >
                    {nameOf(each.id)}
                  </Anchor>
                  {": "}
                  {t(each.is === "left" ? "missing.left" : "missing.section")}
                </>
              ) : (
                t(`missing.${each.is}`)
              )}
            </List.Item>
          ))}
        </List>
      </Stack>
    </Modal>
  );
}
