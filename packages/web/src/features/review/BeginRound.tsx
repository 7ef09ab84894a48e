import { Button, Group, Select } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { FaultNote } from "../../app/FaultNote.tsx";
import { useAct } from "../../app/useDesk.ts";
import type { ReviewOverview, ReviewWish } from "../../worker/desks/reviewDesk.ts";

/** Begins a round over everything, over what ends soon, or over one colleague's accesses. */
export function BeginRound({
  overview: { people, reminder },
  onOpened,
}: {
  overview: ReviewOverview;
  onOpened: (round: string) => void;
}) {
  const { t } = useTranslation("review");
  const [over, setOver] = useState(reminder.ending > 0 && !reminder.isOverdue ? "ending" : "all");
  const open = useAct((desks, wish: ReviewWish) => desks.review.open(wish));
  const begin = (): void =>
    open.mutate(over === "all" || over === "ending" ? over : { member: over }, {
      onSuccess: onOpened,
    });
  return (
    <>
      <Group align="flex-end" gap="sm">
        <Select
          label={t("begin.over")}
          value={over}
          onChange={(value) => setOver(value ?? "all")}
          allowDeselect={false}
          data={[
            {
              group: t("begin.practice"),
              items: [
                { value: "all", label: t("begin.all") },
                { value: "ending", label: t("begin.ending") },
              ],
            },
            {
              group: t("begin.member"),
              items: people.map(({ member, name }) => ({ value: member, label: name })),
            },
          ]}
          w={320}
          maw="100%"
        />
        <Button loading={open.isPending} onClick={begin}>
          {t("begin.now")}
        </Button>
      </Group>
      {open.error !== null && <FaultNote error={open.error} />}
    </>
  );
}
