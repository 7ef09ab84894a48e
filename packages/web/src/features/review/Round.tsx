import { Button, Group, Progress, SegmentedControl, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { FaultNote } from "../../app/FaultNote.tsx";
import { ScreenHead } from "../../app/ScreenHead.tsx";
import { Waiting } from "../../app/Waiting.tsx";
import { sayInstant } from "../../app/dates.ts";
import { useAct, useView } from "../../app/useDesk.ts";
import type { ReviewView } from "../../worker/review/reviewRows.ts";
import { CloseDialog } from "./CloseDialog.tsx";
import { RoundTable } from "./RoundTable.tsx";

/** One round: all that nothing speaks against is kept at once, the rest is looked at one by one. */
export function Round({ round, onLeave }: { round: string; onLeave: () => void }) {
  const { data, error, refetch } = useView(["review", round], (desks) => desks.review.read(round));
  if (data === undefined)
    return error === null ? <Waiting /> : <FaultNote error={error} retry={() => void refetch()} />;
  return <Open view={data} onLeave={onLeave} />;
}

const isPlain = ({ risks, verdict }: ReviewView["rows"][number]): boolean =>
  verdict === null && risks.length === 0;

function Open({ view, onLeave }: { view: ReviewView; onLeave: () => void }) {
  const { t } = useTranslation("review");
  const { round, rows, at } = view;
  const [isAll, setAll] = useState(false);
  const [isClosing, setClosing] = useState(false);
  const [begun] = useState(Date.now);
  const keep = useAct(
    (desks, seconds: number) => desks.review.keepRest(round, seconds),
    [["review", round]],
  );
  const plain = rows.filter(isPlain).length;
  const risky = rows.filter(({ risks }) => risks.length > 0);
  const decided = rows.filter(({ verdict }) => verdict !== null).length;
  const keepRest = (): void => keep.mutate((Date.now() - begun) / 1000);
  return (
    <Stack>
      <ScreenHead
        title={t("title")}
        under={<Text c="dimmed">{t("round.at", { at: sayInstant(at) })}</Text>}
      >
        <Button variant="default" onClick={() => setClosing(true)}>
          {t("close.open")}
        </Button>
        {plain > 0 && (
          <Button loading={keep.isPending} aria-keyshortcuts="Shift+K" onClick={keepRest}>
            {t("round.keepRest", { count: plain })}
          </Button>
        )}
      </ScreenHead>
      <Stack gap={4} role="status">
        <Progress value={(100 * decided) / rows.length} aria-label={t("round.progress")} />
        <Text size="sm">{t("round.decided", { count: decided, all: rows.length })}</Text>
      </Stack>
      {keep.error !== null && <FaultNote error={keep.error} />}
      {(keep.data?.refused.length ?? 0) > 0 && (
        <Text>{t("round.refused", { count: keep.data?.refused.length ?? 0 })}</Text>
      )}
      <Group justify="space-between">
        <SegmentedControl
          aria-label={t("round.which")}
          value={isAll ? "all" : "risky"}
          onChange={(value) => setAll(value === "all")}
          data={[
            { value: "risky", label: t("round.risky", { count: risky.length }) },
            { value: "all", label: t("round.all", { count: rows.length }) },
          ]}
        />
        <Text size="sm" c="dimmed" visibleFrom="sm">
          {t("round.keys")}
        </Text>
      </Group>
      <RoundTable
        round={round}
        rows={isAll ? rows : risky}
        onKeepRest={plain > 0 ? keepRest : null}
      />
      <CloseDialog
        view={isClosing ? view : null}
        onStay={() => setClosing(false)}
        onClosed={onLeave}
      />
    </Stack>
  );
}
