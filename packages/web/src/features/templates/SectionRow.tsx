import { ActionIcon, Checkbox, Group, Stack, Text } from "@mantine/core";
import { IconArrowDown, IconArrowUp, IconX } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import { WordsField } from "./WordsField.tsx";
import classes from "./Templates.module.css";
import type { SectionWish } from "./templateWish.ts";

/** One section of a template in the form. */
export function SectionRow({
  section,
  place,
  count,
  isBilingual,
  error,
  onChange,
  onMove,
  onRemove,
}: {
  section: SectionWish;
  /** From 1 on. */
  place: number;
  count: number;
  isBilingual: boolean;
  error: string | null;
  onChange: (section: SectionWish) => void;
  onMove: (by: -1 | 1) => void;
  onRemove: () => void;
}) {
  const { t } = useTranslation("templates");
  const name = t("section.name", { place });
  return (
    <Stack component="section" aria-label={name} gap="xs" className={classes["section"] ?? ""}>
      <Group justify="space-between">
        <Text fw={600} size="sm">
          {name}
        </Text>
        <Group gap={4}>
          <ActionIcon
            variant="subtle"
            aria-label={t("section.up", { place })}
            disabled={place === 1}
            onClick={() => onMove(-1)}
          >
            <IconArrowUp size={16} />
          </ActionIcon>
          <ActionIcon
            variant="subtle"
            aria-label={t("section.down", { place })}
            disabled={place === count}
            onClick={() => onMove(1)}
          >
            <IconArrowDown size={16} />
          </ActionIcon>
          <ActionIcon
            variant="subtle"
            aria-label={t("section.remove", { place })}
            disabled={count === 1}
            onClick={onRemove}
          >
            <IconX size={16} />
          </ActionIcon>
        </Group>
      </Group>
      <WordsField
        label={t("section.heading")}
        words={section.label}
        isBilingual={isBilingual}
        error={error}
        onWords={(label) => onChange({ ...section, label })}
      />
      <WordsField
        label={t("section.hint")}
        words={section.hint}
        isBilingual={isBilingual}
        onWords={(hint) => onChange({ ...section, hint })}
      />
      <Group gap="md">
        <Checkbox
          label={t("section.required")}
          checked={section.required}
          onChange={(event) => onChange({ ...section, required: event.currentTarget.checked })}
        />
        <Checkbox
          label={t("section.carry")}
          checked={section.carryForward}
          onChange={(event) => onChange({ ...section, carryForward: event.currentTarget.checked })}
        />
      </Group>
    </Stack>
  );
}
