import { SegmentedControl, Stack, Text, useMatches } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { FaultNote } from "../../../app/FaultNote.tsx";
import { Waiting } from "../../../app/Waiting.tsx";
import { useView } from "../../../app/useDesk.ts";
import type { PartProps } from "../parts.ts";
import { Holders } from "./access/Holders.tsx";
import { OpeningLog } from "./access/OpeningLog.tsx";
import { Theft } from "./access/Theft.tsx";

const VIEWS = ["holders", "log", "theft"] as const;
type View = (typeof VIEWS)[number];

/** Who can open this record, who did, and what a thief would see of it. */
export default function Access({ patient }: PartProps) {
  const { t } = useTranslation("chart");
  const [view, setView] = useState<View>("holders");
  const orientation = useMatches({ base: "vertical" as const, sm: "horizontal" as const });
  return (
    <Stack gap="md">
      <SegmentedControl
        w="fit-content"
        maw="100%"
        orientation={orientation}
        aria-label={t("access.views")}
        value={view}
        onChange={(next) => setView(VIEWS.find((each) => each === next) ?? "holders")}
        data={VIEWS.map((value) => ({ value, label: t(`access.view.${value}`) }))}
      />
      <Text maw="var(--reading)">{t(`access.about.${view}`)}</Text>
      {view === "holders" && <HoldersView patient={patient} />}
      {view === "log" && <OpeningLog patient={patient} />}
      {view === "theft" && <Theft patient={patient} />}
    </Stack>
  );
}

function HoldersView({ patient }: PartProps) {
  const { data, error, refetch } = useView(["record", patient, "access"], (desks) =>
    desks.access.read(patient),
  );
  if (error !== null) return <FaultNote error={error} retry={() => void refetch()} />;
  return data === undefined ? <Waiting /> : <Holders patient={patient} room={data} />;
}
