import { Code, Stack, Text, Title } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { FaultNote } from "../../app/FaultNote.tsx";
import { ScreenHead } from "../../app/ScreenHead.tsx";
import { Waiting } from "../../app/Waiting.tsx";
import { sayDate } from "../../app/dates.ts";
import { useView } from "../../app/useDesk.ts";
import type { ReviewOverview } from "../../worker/desks/reviewDesk.ts";
import { BeginRound } from "./BeginRound.tsx";
import { Round } from "./Round.tsx";
import { RoundList } from "./RoundList.tsx";

/** Who may open what, looked through in rounds: renewed, narrowed or ended. */
export default function Review() {
  const { t } = useTranslation("review");
  const [chosen, setChosen] = useState<string | null>(null);
  const { data, error, refetch } = useView(["review", "overview"], (desks) =>
    desks.review.overview(),
  );
  const open = data?.rounds.find(({ isHere, isOwn, closed }) => isHere && isOwn && closed === null);
  const round = chosen ?? open?.round ?? null;
  if (round !== null && error === null)
    return <Round round={round} onLeave={() => setChosen(null)} />;
  return (
    <Stack gap="xl" maw={900}>
      <ScreenHead
        title={t("title")}
        under={
          <Text c="dimmed" maw="var(--reading)">
            {t("what")}
          </Text>
        }
      />
      {error !== null && <FaultNote error={error} retry={() => void refetch()} />}
      {data === undefined && error === null && <Waiting />}
      {data !== undefined && (
        <>
          <Due reminder={data.reminder} />
          <Unheld files={data.unheld} />
          <BeginRound overview={data} onOpened={setChosen} />
          <RoundList rounds={data.rounds} onTaken={setChosen} />
        </>
      )}
    </Stack>
  );
}

/** Records that nobody may hand on, by their ids: no patient's name is known here. */
function Unheld({ files }: { files: ReviewOverview["unheld"] }) {
  const { t } = useTranslation("review");
  if (files.length === 0) return null;
  return (
    <Stack component="section" gap="xs" role="status">
      <Title order={2}>{t("unheld.title")}</Title>
      <Text maw="var(--reading)">{t("unheld.what")}</Text>
      {files.map(({ file, compartment, holders }) => (
        <Text key={file} size="sm">
          {t(`compartment.${compartment}`)} <Code>{file}</Code>{" "}
          {holders.length > 0 && t("unheld.last", { names: holders.join(", ") })}
        </Text>
      ))}
    </Stack>
  );
}

/** What ends soon, and when somebody looked last. */
function Due({
  reminder: { ending, first, lastClosed, isOverdue },
}: {
  reminder: ReviewOverview["reminder"];
}) {
  const { t } = useTranslation("review");
  return (
    <Stack gap={4} role="status">
      <Text fw={600}>
        {ending === 0 || first === null
          ? t("due.none")
          : t("due.ending", { count: ending, date: sayDate(first) })}
      </Text>
      <Text c={isOverdue ? "alarm" : "dimmed"}>
        {lastClosed === null ? t("due.never") : t("due.last", { date: sayDate(lastClosed) })}
        {isOverdue && ` ${t("due.overdue")}`}
      </Text>
    </Stack>
  );
}
