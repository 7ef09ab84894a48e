import { Button, Group, SegmentedControl, Stack, Text, TextInput, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";

import type { Recipients } from "@sinetti/client";

import { makePassphrase } from "./passphrase.ts";

/** What a copy is sealed to: a passphrase, or somebody's age key. */
export interface Seal {
  readonly to: "passphrase" | "key";
  readonly text: string;
}

const SHORTEST = 16;

/** Whether it can be tried; the worker checks a key itself, before anything is opened. */
export const isSealable = ({ to, text }: Seal): boolean =>
  to === "key" ? /^age1\S+$/.test(text.trim()) : text.trim().length >= SHORTEST;

/** A seal as the export takes it. */
export const recipientsOf = ({ to, text }: Seal): Recipients =>
  to === "key" ? { recipients: [text.trim()] } : { passphrase: text.trim() };

/** How the file is sealed, so that only whoever it is for can open it. */
export function SealTo({ seal, onChange }: { seal: Seal; onChange: (seal: Seal) => void }) {
  const { t } = useTranslation("export");
  const isPassphrase = seal.to === "passphrase";
  return (
    <Stack gap="sm">
      <Title order={3}>{t("seal.title")}</Title>
      <SegmentedControl
        aria-label={t("seal.title")}
        value={seal.to}
        onChange={(to) => onChange({ to, text: to === "key" ? "" : makePassphrase() })}
        data={(["passphrase", "key"] as const).map((value) => ({
          value,
          label: t(`seal.by.${value}`),
        }))}
        w="fit-content"
      />
      <Group align="flex-end">
        <TextInput
          label={t(`seal.by.${seal.to}`)}
          value={seal.text}
          error={isPassphrase && !isSealable(seal) ? t("seal.short", { count: SHORTEST }) : null}
          onChange={(event) => onChange({ ...seal, text: event.currentTarget.value })}
          flex={1}
          miw={240}
          maw={480}
          translate="no"
        />
        {isPassphrase && (
          <Button
            variant="default"
            onClick={() => onChange({ to: "passphrase", text: makePassphrase() })}
          >
            {t("seal.another")}
          </Button>
        )}
      </Group>
      <Text size="sm" c="dimmed">
        {t(`seal.hint.${seal.to}`)}
      </Text>
    </Stack>
  );
}
