import { Button, Checkbox, Group, Stack, Text, Title } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { FaultNote } from "../../app/FaultNote.tsx";
import { saveFile } from "../../app/saveFile.ts";
import { useAct, useView } from "../../app/useDesk.ts";

/** The recovery kit: the one that waits to be printed, or a new one that makes the old page void. */
export function Kit() {
  const { t } = useTranslation("settings");
  const { data } = useView(["locks"], (desks) => desks.locks.view());
  const [isKept, setKept] = useState(false);
  const save = useAct((desks, server: string) => desks.locks.kit(server), [["locks"]]);
  const take = useAct((desks) => desks.locks.kitTaken(), [["locks"]]);
  const isWaiting = data?.hasUnprintedKit === true;
  return (
    <Stack component="section">
      <Title order={2}>{t("kit.title")}</Title>
      <Text size="sm">{t(isWaiting ? "kit.waits" : "kit.what")}</Text>
      {save.error !== null && <FaultNote error={save.error} />}
      {take.error !== null && <FaultNote error={take.error} />}
      <Group>
        <Button
          variant="default"
          loading={save.isPending}
          onClick={() => save.mutate(location.origin, { onSuccess: (file) => saveFile(file) })}
        >
          {t(isWaiting ? "kit.save" : "kit.renew")}
        </Button>
      </Group>
      {isWaiting && (
        <Group>
          <Checkbox
            label={t("kit.kept")}
            checked={isKept}
            onChange={(event) => setKept(event.currentTarget.checked)}
          />
          <Button
            size="xs"
            disabled={!isKept}
            loading={take.isPending}
            onClick={() => take.mutate(null, { onSuccess: () => setKept(false) })}
          >
            {t("kit.strike")}
          </Button>
        </Group>
      )}
    </Stack>
  );
}
