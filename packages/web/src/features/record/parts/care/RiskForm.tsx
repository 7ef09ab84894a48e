import { NativeSelect, SimpleGrid, Textarea } from "@mantine/core";
import { useTranslation } from "react-i18next";

import type { RiskPlan } from "@sinetti/practice";

import { DateField } from "../../../../app/DateField.tsx";
import { FormGate } from "../../../../app/drafting/FormGate.tsx";
import { useForm } from "../../../../app/drafting/useForm.ts";
import type { BegunForm } from "../../../../worker/desks/formDesk.ts";
import { CareForm } from "./CareForm.tsx";
import type { FormProps } from "./CareLines.tsx";
import { LinesField } from "./LinesField.tsx";
import { STEPS } from "./safetySteps.ts";
import { useWriteCare } from "./useCare.ts";
import { again, filled, inPlaceOf } from "./wish.ts";

type RiskWish = Omit<RiskPlan, "v" | "at" | "replaces">;
const LEVELS = ["none-known", "low", "moderate", "high", "acute"] as const;

const newRisk = (): RiskWish => ({
  type: "riskPlan",
  level: "none-known",
  concerns: "",
  warningSigns: [],
  copingSteps: [],
  peopleAndPlaces: [],
  professionals: [],
  makingSafe: "",
});

interface RiskFormProps extends FormProps<"riskPlan"> {
  readonly patient: string;
}

/** Writes a risk assessment with its safety plan, or its next version. */
export function RiskForm(props: RiskFormProps) {
  return (
    <FormGate<RiskWish> place={props.place}>
      {(begun) => <RiskFields key={begun.id} begun={begun} {...props} />}
    </FormGate>
  );
}

function RiskFields({
  patient,
  begun,
  version,
  newest,
  onClose,
}: RiskFormProps & { begun: BegunForm<RiskWish> }) {
  const { t } = useTranslation("chart");
  const { t: tRecord } = useTranslation("record");
  const {
    body: wish,
    set,
    draft,
  } = useForm(begun, () => (version === null ? newRisk() : again(version.body)));
  const write = useWriteCare(patient);
  const save = (): void => {
    const { concerns, makingSafe } = wish;
    write.mutate(
      { wish: { ...filled(wish), concerns, makingSafe, ...inPlaceOf(newest) }, draft: draft.id },
      { onSuccess: (state) => void draft.strike().then(() => onClose(state)) },
    );
  };
  return (
    <CareForm
      title={t(version === null ? "risk.new" : "risk.change")}
      save={t("risk.sign")}
      draft={draft}
      isOvertaken={version !== null && version.entry !== newest}
      isBusy={write.isPending}
      isReady={wish.concerns.trim() !== "" || wish.level !== "none-known"}
      error={write.error}
      onSave={save}
      onClose={() => onClose(null)}
    >
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <NativeSelect
          label={t("risk.level")}
          autoFocus
          value={wish.level}
          onChange={({ currentTarget: { value } }) =>
            set({ level: LEVELS.find((each) => each === value) ?? "none-known" })
          }
          data={LEVELS.map((value) => ({ value, label: tRecord(`state.risk.${value}`) }))}
        />
        <DateField
          label={t("plan.reviewOn")}
          value={wish.reviewOn ?? ""}
          onDate={(reviewOn) => set({ reviewOn })}
        />
      </SimpleGrid>
      <Textarea
        label={t("risk.concerns")}
        description={t("risk.concernsHint")}
        autosize
        minRows={3}
        translate="no"
        value={wish.concerns}
        onChange={({ currentTarget: { value } }) => set({ concerns: value })}
      />
      {STEPS.map((name) => (
        <LinesField
          key={name}
          label={t(`risk.step.${name}`)}
          description={t("oneALine")}
          items={wish[name]}
          onItems={(items) => set({ [name]: items })}
        />
      ))}
      <Textarea
        label={t("risk.step.makingSafe")}
        autosize
        minRows={2}
        translate="no"
        value={wish.makingSafe}
        onChange={({ currentTarget: { value } }) => set({ makingSafe: value })}
      />
      <Textarea
        label={t("risk.reasons")}
        autosize
        minRows={2}
        translate="no"
        value={wish.reasonsForLiving ?? ""}
        onChange={({ currentTarget: { value } }) => set({ reasonsForLiving: value })}
      />
    </CareForm>
  );
}
