import { Button, Group, Stack, Text, Title } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";

import { FaultNote } from "../../app/FaultNote.tsx";
import { SecretInput } from "../../app/SecretInput.tsx";
import { sayInstant } from "../../app/dates.ts";
import { desks } from "../../app/link.ts";
import { useHere } from "../../app/me.ts";
import { makePasskey, passkeyPrf } from "../../app/passkey.ts";
import { useAct, useView } from "../../app/useDesk.ts";
import { DeskError } from "../../worker/deskFault.ts";

/** Passkeys that open this device beside its password. */
export function Passkeys() {
  const { t } = useTranslation("settings");
  const { me } = useHere();
  const queries = useQueryClient();
  const [password, setPassword] = useState("");
  const { data, error } = useView(["locks"], (opened) => opened.locks.view());
  const remove = useAct((opened, id: string) => opened.locks.removePasskey(id), [["locks"]]);
  const add = useMutation({
    mutationFn: async () => {
      const made = await makePasskey(me.name);
      if (made === null) throw new DeskError({ code: "no-passkey" });
      await (await desks()).locks.addPasskey(password, made, passkeyPrf);
    },
    onSuccess: async () => {
      setPassword("");
      await queries.invalidateQueries({ queryKey: ["locks"] });
    },
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    add.mutate();
  };
  return (
    <form onSubmit={submit}>
      <Stack component="section">
        <Title order={2}>{t("passkeys.title")}</Title>
        <Text size="sm">{t("passkeys.what")}</Text>
        {error !== null && <FaultNote error={error} />}
        {data?.passkeys.map(({ id, countsFrom }, index) => (
          <Group key={id} justify="space-between" wrap="nowrap">
            <div>
              <Text>{t("passkeys.one", { number: index + 1 })}</Text>
              <Text size="sm" c="dimmed">
                {countsFrom === null
                  ? t("passkeys.opensOnly")
                  : Date.parse(countsFrom) <= Date.now()
                    ? t("passkeys.counts")
                    : t("passkeys.countsFrom", { at: sayInstant(countsFrom) })}
              </Text>
            </div>
            <Button
              size="xs"
              variant="default"
              loading={remove.isPending}
              onClick={() => remove.mutate(id)}
            >
              {t("passkeys.remove")}
            </Button>
          </Group>
        ))}
        <SecretInput
          label={t("passkeys.password")}
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          autoComplete="current-password"
        />
        {add.error !== null && <FaultNote error={add.error} />}
        {remove.error !== null && <FaultNote error={remove.error} />}
        <Group>
          <Button
            type="submit"
            variant="default"
            loading={add.isPending}
            disabled={password === ""}
          >
            {t("passkeys.add")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
