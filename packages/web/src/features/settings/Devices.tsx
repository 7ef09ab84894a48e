import { Button, Group, Stack, Text, Title } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { FaultNote } from "../../app/FaultNote.tsx";
import { useAct, useView } from "../../app/useDesk.ts";
import { DeviceName } from "../people/DeviceName.tsx";

/** The own devices, and the end of one that is lost. */
export function Devices() {
  const { t } = useTranslation("settings");
  const { t: tPeople } = useTranslation("people");
  const { data, error } = useView(["locks"], (desks) => desks.locks.view());
  const [asked, setAsked] = useState<string | null>(null);
  const end = useAct(
    (desks, device: string) => desks.locks.endDevice(device),
    [["locks"], ["people"]],
  );
  const live = data?.devices.filter(({ isEnded }) => !isEnded) ?? [];
  return (
    <Stack component="section">
      <Title order={2}>{t("devices.title")}</Title>
      {error !== null && <FaultNote error={error} />}
      {live.map((row) => (
        <Group key={row.device} justify="space-between">
          <DeviceName row={row} canName />
          {!row.isThisOne && asked !== row.device && (
            <Button
              size="xs"
              variant="default"
              aria-label={tPeople("devices.endOf", { name: row.name ?? row.device.slice(0, 12) })}
              onClick={() => setAsked(row.device)}
            >
              {t("devices.end")}
            </Button>
          )}
          {asked === row.device && (
            <Button
              size="xs"
              color="alarm"
              loading={end.isPending}
              onClick={() => end.mutate(row.device, { onSuccess: () => setAsked(null) })}
            >
              {t("devices.sure")}
            </Button>
          )}
        </Group>
      ))}
      {end.error !== null && <FaultNote error={end.error} />}
      {live.length === 1 && (
        <Text size="sm" c="dimmed">
          {t("devices.only")}
        </Text>
      )}
    </Stack>
  );
}
