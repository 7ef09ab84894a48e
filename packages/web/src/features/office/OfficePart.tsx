import { Anchor, Stack } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { FaultNote } from "../../app/FaultNote.tsx";
import { Waiting } from "../../app/Waiting.tsx";
import { useView } from "../../app/useDesk.ts";
import type { PartProps } from "../record/parts.ts";
import { Attendances } from "./Attendances.tsx";
import { Billing } from "./Billing.tsx";
import classes from "./Patient.module.css";
import { Payers } from "./Payers.tsx";

/** Who pays, and what can be billed, as a room of the record. */
export default function OfficePart({ patient }: PartProps) {
  const { t } = useTranslation("office");
  const { data, error, refetch } = useView(["office", patient], (desks) =>
    desks.office.view(patient),
  );
  if (error !== null) return <FaultNote error={error} retry={() => void refetch()} />;
  if (data === undefined) return <Waiting label={t("patient.opening")} />;
  return (
    <Stack gap="xl" className={classes["page"] ?? ""}>
      <Anchor component={Link} to={`/invoices/new/${data.patient}`}>
        {t("patient.bill")}
      </Anchor>
      <Payers view={data} />
      <Billing view={data} />
      <Attendances rows={data.attendances} />
    </Stack>
  );
}
