import { Text } from "@mantine/core";
import { useTranslation } from "react-i18next";

import { FaultNote } from "../../app/FaultNote.tsx";
import { Waiting } from "../../app/Waiting.tsx";
import { useView } from "../../app/useDesk.ts";
import { CopyForm } from "./CopyForm.tsx";
import { Requests } from "./Requests.tsx";

/** Who asked for a copy, and making one. */
export function Copy({ patient }: { patient: string }) {
  const { t } = useTranslation("export");
  const { data, error, refetch } = useView(["export", patient], (desks) =>
    desks.exporting.requests(patient),
  );
  if (error !== null) return <FaultNote error={error} retry={() => void refetch()} />;
  if (data === undefined) return <Waiting label={t("opening")} />;
  return (
    <>
      <Text maw="var(--reading)">{t("does")}</Text>
      <Requests patient={patient} rows={data} />
      <CopyForm patient={patient} requests={data} />
    </>
  );
}
