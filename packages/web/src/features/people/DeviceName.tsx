import { Button, Group, Stack, Text, TextInput } from "@mantine/core";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";

import type { DeviceRow } from "@sinetti/client";

import { FaultNote } from "../../app/FaultNote.tsx";
import { useAct } from "../../app/useDesk.ts";
import { suggestName } from "./suggestName.ts";

const LONGEST = 60;

/** What a device is called, beside the digits by which the chain knows it; who may call it something else is asked here. */
export function DeviceName({ row, canName }: { row: DeviceRow; canName: boolean }) {
  const { t } = useTranslation("people");
  const [isNaming, setNaming] = useState(false);
  const { device, name, isThisOne } = row;
  if (isNaming) return <NameForm row={row} onDone={() => setNaming(false)} />;
  return (
    <Stack gap={0} align="flex-start">
      <Text size="sm">
        {name !== null && (
          <Text span fw={600} translate="no">
            {name}{" "}
          </Text>
        )}
        {isThisOne && t("devices.this")}
      </Text>
      <Group gap="xs">
        <Text size="xs" c="dimmed" ff="monospace">
          {device.slice(0, 12)}…
        </Text>
        {canName && (
          <Button
            size="compact-xs"
            variant="subtle"
            aria-label={t(name === null ? "devices.nameOf" : "devices.renameOf", {
              name: name ?? device.slice(0, 12),
            })}
            onClick={() => setNaming(true)}
          >
            {t(name === null ? "devices.name" : "devices.rename")}
          </Button>
        )}
      </Group>
    </Stack>
  );
}

function NameForm({
  row: { device, name, isThisOne },
  onDone,
}: {
  row: DeviceRow;
  onDone: () => void;
}) {
  const { t } = useTranslation("people");
  const [typed, setTyped] = useState(name ?? (isThisOne ? suggestName(navigator.userAgent) : ""));
  const give = useAct(
    (desks, called: string) => desks.people.nameDevice(device, called),
    [["locks"], ["people"]],
  );
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    give.mutate(typed, { onSuccess: onDone });
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="xs">
        <TextInput
          label={t("devices.called")}
          description={t("devices.calledHint")}
          value={typed}
          maxLength={LONGEST}
          autoFocus
          translate="no"
          onFocus={(event) => event.currentTarget.select()}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
        {give.error !== null && <FaultNote error={give.error} />}
        <Group gap="xs">
          <Button size="xs" type="submit" loading={give.isPending}>
            {t("devices.keep")}
          </Button>
          <Button size="xs" variant="default" onClick={onDone}>
            {t("cancel")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
