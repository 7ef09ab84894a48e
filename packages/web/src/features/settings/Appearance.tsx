import {
  NumberInput,
  SegmentedControl,
  Stack,
  Text,
  Title,
  useMantineColorScheme,
} from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { autoLockMinutes, setAutoLockMinutes } from "../../app/autoLock.ts";
import { changeLanguage, shownLanguage } from "../../app/language.ts";

/** Language, appearance, and when this browser locks by itself. */
export function Appearance() {
  const { t } = useTranslation("settings");
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const [minutes, setMinutes] = useState(autoLockMinutes);
  return (
    <Stack component="section">
      <Title order={2}>{t("browser")}</Title>
      <Stack gap={4}>
        <Text fw={620}>{t("language")}</Text>
        <SegmentedControl
          aria-label={t("language")}
          value={shownLanguage()}
          onChange={(value) => void changeLanguage(value)}
          data={[
            { value: "en", label: "English" },
            { value: "fi", label: "Suomi" },
          ]}
        />
      </Stack>
      <Stack gap={4}>
        <Text fw={620}>{t("scheme.label")}</Text>
        <SegmentedControl
          aria-label={t("scheme.label")}
          value={colorScheme}
          onChange={(value) => setColorScheme(value)}
          data={(["auto", "light", "dark"] as const).map((value) => ({
            value,
            label: t(`scheme.${value}`),
          }))}
        />
      </Stack>
      <NumberInput
        label={t("autoLock")}
        description={t("autoLockHint")}
        value={minutes}
        min={1}
        max={60}
        onChange={(value) => {
          const next = Number(value);
          if (!Number.isInteger(next) || next < 1 || next > 60) return;
          setMinutes(next);
          setAutoLockMinutes(next);
        }}
        maw={420}
      />
    </Stack>
  );
}
