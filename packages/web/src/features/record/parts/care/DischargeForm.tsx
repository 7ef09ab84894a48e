import { NativeSelect, SimpleGrid, Text, Textarea, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";

import type { Discharge } from "@sinetti/practice";

import { DateField } from "../../../../app/DateField.tsx";
import { localDate } from "../../../../app/dates.ts";
import { FormGate } from "../../../../app/drafting/FormGate.tsx";
import { useForm } from "../../../../app/drafting/useForm.ts";
import { useAct } from "../../../../app/useDesk.ts";
import type { BegunForm } from "../../../../worker/desks/formDesk.ts";
import { CareForm } from "./CareForm.tsx";
import type { FormProps } from "./CareLines.tsx";
import { useWriteCare, type SignedForm } from "./useCare.ts";
import { again, filled, inPlaceOf } from "./wish.ts";

type DischargeWish = Omit<Discharge, "v" | "at" | "replaces">;
const REASONS = [
  "completed",
  "patient-ended",
  "referred",
  "moved",
  "lost-contact",
  "died",
  "other",
] as const;

const newDischarge = (): DischargeWish => ({
  type: "discharge",
  on: localDate(new Date()),
  reason: "completed",
  summary: "",
});

interface DischargeFormProps extends FormProps<"discharge"> {
  readonly patient: string;
}

/** Ends the treatment with its summary, or writes the next version of that. */
export function DischargeForm(props: DischargeFormProps) {
  return (
    <FormGate<DischargeWish> place={props.place}>
      {(begun) => <DischargeFields key={begun.id} begun={begun} {...props} />}
    </FormGate>
  );
}

function DischargeFields({
  patient,
  begun,
  version,
  newest,
  onClose,
}: DischargeFormProps & { begun: BegunForm<DischargeWish> }) {
  const { t } = useTranslation("chart");
  const { t: tRecord } = useTranslation("record");
  const {
    body: wish,
    set,
    draft,
  } = useForm(begun, () => (version === null ? newDischarge() : again(version.body)));
  const change = useWriteCare(patient);
  const end = useAct(
    (desks, { wish: { type: _type, ...held }, draft: id }: SignedForm<DischargeWish>) =>
      desks.care.discharge(patient, held, id),
    [["record", patient], ["caseload"], ["today"]],
  );
  const write = newest === null ? end : change;
  const save = (): void =>
    write.mutate(
      { wish: { ...filled(wish), ...inPlaceOf(newest) }, draft: draft.id },
      { onSuccess: (state) => void draft.strike().then(() => onClose(state)) },
    );
  return (
    <CareForm
      title={t(version === null ? "care.end" : "care.changeEnd")}
      save={t(version === null ? "care.endNow" : "care.signEnd")}
      draft={draft}
      isOvertaken={version !== null && version.entry !== newest}
      isBusy={write.isPending}
      isReady={wish.summary.trim() !== "" && wish.on !== ""}
      error={write.error}
      onSave={save}
      onClose={() => onClose(null)}
    >
      {version === null && <Text>{t("care.endHint")}</Text>}
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <DateField label={t("care.on")} value={wish.on} onDate={(on) => set({ on })} />
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
