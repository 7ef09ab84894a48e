import { Button, Code, Group, NativeSelect, Stack, Text } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";

import { FaultNote, faultOfError } from "../../app/FaultNote.tsx";
import { SecretInput } from "../../app/SecretInput.tsx";
import { sayDate } from "../../app/dates.ts";
import { door } from "../../app/link.ts";
import { passkeyPrf } from "../../app/passkey.ts";
import type { ListedDevice } from "../../worker/deviceList.ts";
import type { Beginning } from "../../worker/session.ts";

interface UnlockProps {
  readonly devices: readonly ListedDevice[];
  readonly onInside: (beginning: Beginning) => void;
  readonly onForgotten: () => void;
}

/** Opens a device of this browser with its password. */
export function Unlock({ devices, onInside, onForgotten }: UnlockProps) {
  const { t } = useTranslation("door");
  const [id, setId] = useState(devices[0]?.id ?? "");
  const [password, setPassword] = useState("");
  const device = devices.find((each) => each.id === id);
  const unlock = useMutation({
    mutationFn: () => door.unlock(id, password),
    onSuccess: onInside,
    onError: (error) => {
      if (faultOfError(error).code === "not-ready") words.mutate();
    },
  });
  // Who answered a slip is asked for them by telephone, perhaps days later.
  const words = useMutation({ mutationFn: () => door.wordsOf(id, password) });
  const byPasskey = useMutation({
    mutationFn: () => door.unlockWithPasskey(id, passkeyPrf),
    onSuccess: onInside,
  });
  const forget = useMutation({ mutationFn: () => door.forget(id), onSuccess: onForgotten });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    unlock.mutate();
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        {devices.length > 1 && (
          <NativeSelect
            label={t("unlock.device")}
            data={devices.map((each) => ({
              value: each.id,
              label: `${each.label === "" ? t("unlock.unnamed") : each.label} · ${sayDate(each.madeAt)}`,
            }))}
            value={id}
            onChange={(event) => setId(event.currentTarget.value)}
          />
        )}
        {device?.isWaiting === true && <Text size="sm">{t("unlock.waits")}</Text>}
        <SecretInput
          label={t("unlock.password")}
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          autoComplete="current-password"
          autoFocus
          required
          withAsterisk={false}
        />
        {unlock.error !== null && <FaultNote error={unlock.error} />}
        {typeof words.data === "string" && (
          <>
            <Text size="sm">{t("unlock.words")}</Text>
            <Code block fz="md">
              {words.data}
            </Code>
          </>
        )}
        {byPasskey.error !== null && <FaultNote error={byPasskey.error} />}
        {forget.error !== null && <FaultNote error={forget.error} />}
        <Group justify="space-between">
          <Button type="submit" size="md" loading={unlock.isPending}>
            {t("unlock.now")}
          </Button>
          {device !== undefined && device.passkey !== null && (
            <Button
              variant="default"
              size="md"
              loading={byPasskey.isPending}
              onClick={() => byPasskey.mutate()}
            >
              {t("unlock.passkey")}
            </Button>
          )}
          {device?.isWaiting === true && (
            <Button variant="subtle" color="stone" onClick={() => forget.mutate()}>
              {t("unlock.giveUp")}
            </Button>
          )}
        </Group>
      </Stack>
    </form>
  );
}
