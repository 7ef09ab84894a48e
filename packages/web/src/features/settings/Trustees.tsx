import { Button, Checkbox, Group, NumberInput, Stack, Text, Title } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { FaultNote } from "../../app/FaultNote.tsx";
import { saveFile } from "../../app/saveFile.ts";
import { useAct, useView } from "../../app/useDesk.ts";

const MOST = 16;

/** Where this device holds the practice's recovery secret: its shares for trustees, and then its end here. */
export function Trustees() {
  const { t } = useTranslation("settings");
  const { data } = useView(["locks"], (desks) => desks.locks.view());
  const [shares, setShares] = useState(3);
  const [threshold, setThreshold] = useState(2);
  const [isHanded, setHanded] = useState(false);
  const split = useAct((desks, wish: { shares: number; threshold: number; server: string }) =>
    desks.locks.split(wish),
  );
  const strike = useAct((desks) => desks.locks.strike(), [["locks"]]);
  if (data?.holdsRecovery !== true) return null;
  const save = (): void =>
    split.mutate(
      { shares, threshold, server: location.origin },
      {
        onSuccess: (files) => {
          for (const file of files) saveFile(file);
        },
      },
    );
  return (
    <Stack component="section">
      <Title order={2}>{t("trustees.title")}</Title>
      <Text size="sm">{t("trustees.what")}</Text>
      <Group>
        <NumberInput
          label={t("trustees.shares")}
          value={shares}
          min={2}
          max={MOST}
          onChange={(value) => setShares(Number(value))}
          maw={140}
        />
        <NumberInput
          label={t("trustees.threshold")}
          value={threshold}
          min={2}
          max={shares}
          onChange={(value) => setThreshold(Number(value))}
          maw={180}
        />
      </Group>
      {split.error !== null && <FaultNote error={split.error} />}
      {strike.error !== null && <FaultNote error={strike.error} />}
      <Group>
        <Button
          variant="default"
          loading={split.isPending}
          disabled={threshold < 2 || threshold > shares || shares > MOST}
          onClick={save}
        >
          {t("trustees.save")}
        </Button>
      </Group>
      {split.data !== undefined && (
        <Group>
          <Checkbox
            label={t("trustees.handed")}
            checked={isHanded}
            onChange={(event) => setHanded(event.currentTarget.checked)}
          />
          <Button
            size="xs"
            disabled={!isHanded}
            loading={strike.isPending}
            onClick={() => strike.mutate(null)}
          >
            {t("trustees.strike")}
          </Button>
        </Group>
      )}
    </Stack>
  );
}
