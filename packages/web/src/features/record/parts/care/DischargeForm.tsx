import { NativeSelect, SimpleGrid, Text, Textarea, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { Discharge } from "@sinetti/practice";

import { localDate } from "../../../../app/dates.ts";
import { useAct } from "../../../../app/useDesk.ts";
import { CareForm } from "./CareForm.tsx";
import type { FormProps } from "./CareLines.tsx";
import { useWriteCare } from "./useCare.ts";
import { again, filled } from "./wish.ts";

type DischargeWish = Omit<Discharge, "v" | "at">;
const REASONS = [
  "completed",
  "patient-ended",
  "referred",
  "moved",
  "lost-contact",
  "died",
  "other",
] as const;

/** Ends the treatment with its summary, or writes the next version of that. */
export function DischargeForm({
  patient,
  version,
  onClose,
}: FormProps<"discharge"> & { patient: string }) {
  const { t } = useTranslation("chart");
  const { t: tRecord } = useTranslation("record");
  const [wish, setWish] = useState<DischargeWish>(() =>
    version === null
      ? { type: "discharge", on: localDate(new Date()), reason: "completed", summary: "" }
      : again(version.body, version.entry),
  );
  const change = useWriteCare(patient);
  const end = useAct(
    (desks, { type: _type, ...held }: DischargeWish) => desks.care.discharge(patient, held),
    [["record", patient], ["caseload"], ["today"]],
  );
  const write = version === null ? end : change;
  const set = (next: Partial<DischargeWish>): void => setWish((held) => ({ ...held, ...next }));
  return (
    <CareForm
      title={t(version === null ? "care.end" : "care.changeEnd")}
      save={t(version === null ? "care.endNow" : "care.signEnd")}
      isBusy={write.isPending}
      isReady={wish.summary.trim() !== "" && wish.on !== ""}
      error={write.error}
      onSave={() => write.mutate(filled(wish), { onSuccess: onClose })}
      onClose={() => onClose(null)}
    >
      {version === null && <Text>{t("care.endHint")}</Text>}
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <TextInput
          type="date"
          label={t("care.on")}
          value={wish.on}
          onChange={({ currentTarget: { value } }) => set({ on: value })}
        />
        <NativeSelect
          label={t("care.reason")}
          value={wish.reason}
          onChange={({ currentTarget: { value } }) =>
            set({ reason: REASONS.find((each) => each === value) ?? "other" })
          }
          data={REASONS.map((value) => ({ value, label: tRecord(`state.discharge.${value}`) }))}
        />
      </SimpleGrid>
      <Textarea
        label={t("care.summary")}
        autosize
        minRows={5}
        autoFocus
        translate="no"
        value={wish.summary}
        onChange={({ currentTarget: { value } }) => set({ summary: value })}
      />
      <Textarea
        label={t("care.recommendations")}
        autosize
        minRows={2}
        translate="no"
        value={wish.recommendations ?? ""}
        onChange={({ currentTarget: { value } }) => set({ recommendations: value })}
      />
      <TextInput
        label={t("care.referredTo")}
        translate="no"
        value={wish.referredTo ?? ""}
        onChange={({ currentTarget: { value } }) => set({ referredTo: value })}
      />
    </CareForm>
  );
}
