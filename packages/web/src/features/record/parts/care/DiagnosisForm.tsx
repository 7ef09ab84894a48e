import { NativeSelect, SimpleGrid, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";

import type { Diagnosis } from "@sinetti/practice";

import { localDate } from "../../../../app/dates.ts";
import { FormGate } from "../../../../app/drafting/FormGate.tsx";
import { useForm } from "../../../../app/drafting/useForm.ts";
import type { BegunForm } from "../../../../worker/desks/formDesk.ts";
import { CareForm } from "./CareForm.tsx";
import type { FormProps } from "./CareLines.tsx";
import { useWriteCare } from "./useCare.ts";
import { again, filled, inPlaceOf } from "./wish.ts";

type DiagnosisWish = Omit<Diagnosis, "v" | "at" | "replaces">;
const CLASSIFICATIONS = ["icd-10", "icd-11", "dsm-5", "snomed-ct", "other"] as const;
const RANKS = ["main", "other"] as const;
const STATES = [
  "active",
  "recurrence",
  "relapse",
  "inactive",
  "remission",
  "resolved",
  "unknown",
] as const;
const CERTAINTIES = [
  "confirmed",
  "provisional",
  "differential",
  "refuted",
  "entered-in-error",
  "unconfirmed",
  "unknown",
] as const;

const newDiagnosis = (): DiagnosisWish => ({
  type: "diagnosis",
  code: {},
  classification: "icd-10",
  rank: "main",
  status: "active",
  certainty: "confirmed",
  from: localDate(new Date()),
});

interface DiagnosisFormProps extends FormProps<"diagnosis"> {
  readonly patient: string;
}

/** Writes a diagnosis, or its next version. */
export function DiagnosisForm(props: DiagnosisFormProps) {
  return (
    <FormGate<DiagnosisWish> place={props.place}>
      {(begun) => <DiagnosisFields key={begun.id} begun={begun} {...props} />}
    </FormGate>
  );
}

function DiagnosisFields({
  patient,
  begun,
  version,
  newest,
  onClose,
}: DiagnosisFormProps & { begun: BegunForm<DiagnosisWish> }) {
  const { t } = useTranslation("chart");
  const { t: tRecord } = useTranslation("record");
  const {
    body: wish,
    set,
    draft,
  } = useForm(begun, () => (version === null ? newDiagnosis() : again(version.body)));
  const write = useWriteCare(patient);
  const save = (): void =>
    write.mutate(
      { wish: { ...filled(wish), code: filled(code), ...inPlaceOf(newest) }, draft: draft.id },
      { onSuccess: (state) => void draft.strike().then(() => onClose(state)) },
    );
  const { code } = wish;
  return (
    <CareForm
      title={t(version === null ? "diagnosis.new" : "diagnosis.change")}
      save={t("diagnosis.sign")}
      draft={draft}
      isOvertaken={version !== null && version.entry !== newest}
      isBusy={write.isPending}
      isReady={(code.code ?? code.text ?? "").trim() !== ""}
      error={write.error}
      onSave={save}
      onClose={() => onClose(null)}
    >
      <SimpleGrid cols={{ base: 1, sm: 3 }}>
        <NativeSelect
          label={t("diagnosis.classification")}
          value={wish.classification}
          onChange={({ currentTarget: { value } }) =>
            set({ classification: CLASSIFICATIONS.find((each) => each === value) ?? "other" })
          }
          data={CLASSIFICATIONS.map((value) => ({
            value,
            label: t(`diagnosis.classifications.${value}`),
          }))}
        />
        <TextInput
          label={t("diagnosis.code")}
          description={t("diagnosis.codeHint")}
          autoFocus
          translate="no"
          value={code.code ?? ""}
          onChange={({ currentTarget: { value } }) => set({ code: { ...code, code: value } })}
        />
        <NativeSelect
          label={t("diagnosis.rank")}
          value={wish.rank ?? "other"}
          onChange={({ currentTarget: { value } }) =>
            set({ rank: value === "main" ? "main" : "other" })
          }
          data={RANKS.map((value) => ({ value, label: t(`diagnosis.ranks.${value}`) }))}
        />
      </SimpleGrid>
      <TextInput
        label={t("diagnosis.text")}
        translate="no"
        value={code.text ?? ""}
        onChange={({ currentTarget: { value } }) => set({ code: { ...code, text: value } })}
      />
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <NativeSelect
          label={t("plan.state")}
          value={wish.status}
          onChange={({ currentTarget: { value } }) =>
            set({ status: STATES.find((each) => each === value) ?? "unknown" })
          }
          data={STATES.map((value) => ({ value, label: tRecord(`state.diagnosis.${value}`) }))}
        />
        <NativeSelect
          label={t("diagnosis.certainty")}
          value={wish.certainty}
          onChange={({ currentTarget: { value } }) =>
            set({ certainty: CERTAINTIES.find((each) => each === value) ?? "unknown" })
          }
          data={CERTAINTIES.map((value) => ({ value, label: t(`diagnosis.certainties.${value}`) }))}
        />
        {(["from", "until"] as const).map((name) => (
          <TextInput
            key={name}
            label={t(`diagnosis.${name}`)}
            description={t("diagnosis.dateHint")}
            placeholder="2026-11-21"
            value={wish[name] ?? ""}
            onChange={({ currentTarget: { value } }) => set({ [name]: value })}
          />
        ))}
      </SimpleGrid>
    </CareForm>
  );
}
