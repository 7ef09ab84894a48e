import { Button, Stack, Text, Title } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import type { Role } from "@sinetti/core";

import { FaultNote } from "../../app/FaultNote.tsx";
import { door } from "../../app/link.ts";
import { DeskError } from "../../worker/deskFault.ts";
import type { Beginning } from "../../worker/session.ts";

/** Nothing real is behind it: everybody may know it. */
const PASSWORD = "invented-people";

interface DemoRole {
  readonly id: string;
  readonly name: string;
  readonly roles: readonly Role[];
}

async function readRoles(): Promise<readonly DemoRole[]> {
  const answer = await fetch("/demo/roles", { cache: "no-store", credentials: "omit" });
  return answer.ok ? ((await answer.json()) as DemoRole[]) : [];
}

/** Makes a device of this browser, lets the demonstration's own staff approve it, and unlocks it. */
async function enter({ id: role, name }: DemoRole): Promise<Beginning> {
  const label = `Demo: ${name}`;
  const held = (await door.list()).find((each) => each.label === label && !each.isWaiting);
  if (held !== undefined) return door.unlock(held.id, PASSWORD);
  const { id, code } = await door.request({ password: PASSWORD, isNewPerson: false, label });
  const answer = await fetch("/demo/device", {
    method: "POST",
    credentials: "omit",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ role, code }),
  });
  if (!answer.ok) throw new DeskError({ code: "refused" });
  return door.unlock(id, PASSWORD);
}

/** In a demonstration: in as one of its staff with one click, by the ceremony of every device. */
export function DemoRoles({ onInside }: { onInside: (beginning: Beginning) => void }) {
  const { t } = useTranslation("door");
  const { t: tApp } = useTranslation("app");
  const roles = useQuery({ queryKey: ["demo"], queryFn: readRoles });
  const go = useMutation({ mutationFn: enter, onSuccess: onInside });
  if (roles.data === undefined || roles.data.length === 0) return null;
  return (
    <Stack component="section" gap="xs">
      <Title order={2}>{t("demo.title")}</Title>
      <Text size="sm" c="dimmed">
        {t("demo.what")}
      </Text>
      {roles.data.map((role) => (
        <Button
          key={role.id}
          variant="default"
          justify="space-between"
          loading={go.isPending && go.variables.id === role.id}
          disabled={go.isPending && go.variables.id !== role.id}
          rightSection={
            <Text size="sm" c="dimmed">
              {role.roles.map((each) => tApp(`roles.${each}`)).join(", ")}
            </Text>
          }
          onClick={() => go.mutate(role)}
        >
          {role.name}
        </Button>
      ))}
      {go.error !== null && <FaultNote error={go.error} />}
    </Stack>
  );
}
