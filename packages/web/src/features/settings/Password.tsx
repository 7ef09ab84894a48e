import { Button, Group, Stack, Text, Title } from "@mantine/core";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";

import { FaultNote } from "../../app/FaultNote.tsx";
import { SecretInput } from "../../app/SecretInput.tsx";
import { useAct } from "../../app/useDesk.ts";
import { NewPassword, isGoodPassword } from "../door/NewPassword.tsx";

/** Another password for this device: neither the old one nor a copy of the old locks opens what comes after. */
export function Password() {
  const { t } = useTranslation("settings");
  const [from, setFrom] = useState("");
  const [to, setTo] = useState("");
  const change = useAct(
    (desks, wish: { from: string; to: string }) => desks.locks.changePassword(wish.from, wish.to),
    [["locks"]],
  );
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    change.mutate(
      { from, to },
      {
        onSuccess: () => {
          setFrom("");
          setTo("");
        },
      },
    );
  };
  return (
    <form onSubmit={submit}>
      <Stack component="section">
        <Title order={2}>{t("password.title")}</Title>
        <SecretInput
          label={t("password.from")}
          value={from}
          onChange={(event) => setFrom(event.currentTarget.value)}
          autoComplete="current-password"
        />
        <NewPassword label={t("password.to")} value={to} onChange={setTo} />
        {change.error !== null && <FaultNote error={change.error} />}
        {change.data !== undefined && (
          <Text role="status">
            {t("password.done")} {change.data > 0 && t("password.passkeysGone")}
          </Text>
        )}
        <Group>
          <Button
            type="submit"
            loading={change.isPending}
            disabled={from === "" || !isGoodPassword(to)}
          >
            {t("password.now")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
