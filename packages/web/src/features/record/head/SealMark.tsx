import { Button, Popover, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";

import { sayDate } from "../../../app/dates.ts";
import type { Holder } from "../../../worker/record/recordHead.ts";

/** The seal: how many can open this record and until when; one click says who, and why. */
export function SealMark({
  holders,
  ownUntil,
}: {
  holders: readonly Holder[];
  ownUntil: string | null;
}) {
  const { t } = useTranslation("record");
  const people = holders.filter(({ kind }) => kind !== "recovery");
  if (people.length === 0) return null;
  const until = ownUntil === null ? "" : ` · ${t("seal.until", { date: sayDate(ownUntil) })}`;
  return (
    <Popover width={340} position="bottom-start" shadow="md" trapFocus>
      <Popover.Target>
        <Button
          variant="subtle"
          size="compact-sm"
          w="fit-content"
          maw="100%"
          ml={-8}
          justify="flex-start"
          ta="start"
          leftSection={<img src="/seal.svg" alt="" width={16} height={16} />}
        >
          {t("seal.open", { count: people.length })}
          {until}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap="xs" component="ul" pl={0} m={0} style={{ listStyle: "none" }}>
          {holders.map((holder) => (
            <li key={`${holder.kind}:${holder.id}`}>
              <HolderLine holder={holder} />
            </li>
          ))}
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}

function HolderLine({ holder: { kind, name, isMe, canWrite, reason, until } }: { holder: Holder }) {
  const { t } = useTranslation("record");
  const facts = [
    kind === "recovery" ? t("seal.split") : t(canWrite ? "seal.write" : "seal.read"),
    t(`seal.reason.${reason}`),
    until === null ? t("seal.noEnd") : t("seal.until", { date: sayDate(until) }),
  ];
  return (
    <>
      <Text size="sm" fw={600}>
        {name ?? t(`seal.kind.${kind}`)}
        {isMe && ` (${t("seal.you")})`}
      </Text>
      <Text size="sm" c="dimmed">
        {facts.join(" · ")}
      </Text>
    </>
  );
}
