import { Checkbox, Fieldset, NativeSelect, SimpleGrid, Textarea, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";

import type { Plan } from "@sinetti/practice";

import { DateField } from "../../../../app/DateField.tsx";
import { localDate } from "../../../../app/dates.ts";
import { FormGate } from "../../../../app/drafting/FormGate.tsx";
import { useForm } from "../../../../app/drafting/useForm.ts";
import type { BegunForm } from "../../../../worker/desks/formDesk.ts";
import { CareForm } from "./CareForm.tsx";
import type { FormProps } from "./CareLines.tsx";
import { InterventionsField } from "./InterventionsField.tsx";
import { LinesField } from "./LinesField.tsx";
import { ObjectivesField } from "./ObjectivesField.tsx";
import { useWriteCare } from "./useCare.ts";
import { again, filled, inPlaceOf } from "./wish.ts";

type PlanWish = Omit<Plan, "v" | "at" | "replaces">;
const STATES = ["draft", "active", "on-hold", "completed", "revoked", "unknown"] as const;
const LONG = ["problem", "strengths", "dischargeCriteria"] as const;

const today = (): string => localDate(new Date());
const newPlan = (): PlanWish => ({
  type: "plan",
  status: "active",
  start: today(),
  diagnoses: [],
  longTermGoals: [],
  objectives: [],
  interventions: [],
});

/** A plan as it is to be signed: what is empty is left out. */
function signable(plan: PlanWish): PlanWish {
  const { agreement } = plan;
  return {
    ...filled(plan),
    objectives: plan.objectives.filter(({ text }) => text.trim() !== "").map(filled),
    interventions: plan.interventions.filter(({ text }) => text.trim() !== "").map(filled),
    ...(agreement === undefined ? {} : { agreement: filled(agreement) }),
  };
}

interface PlanFormProps extends FormProps<"plan"> {
  readonly patient: string;
}

/** Writes a plan, or its next version. */
export function PlanForm(props: PlanFormProps) {
  return (
    <FormGate<PlanWish> place={props.place}>
      {(begun) => <PlanFields key={begun.id} begun={begun} {...props} />}
    </FormGate>
  );
}

function PlanFields({
  patient,
  begun,
  version,
  newest,
  onClose,
}: PlanFormProps & { begun: BegunForm<PlanWish> }) {
  const { t } = useTranslation("chart");
  const { t: tRecord } = useTranslation("record");
  const {
    body: plan,
    set,
    draft,
  } = useForm(begun, () => (version === null ? newPlan() : again(version.body)));
  const write = useWriteCare(patient);
  const save = (): void =>
    write.mutate(
      { wish: { ...signable(plan), ...inPlaceOf(newest) }, draft: draft.id },
      { onSuccess: (state) => void draft.strike().then(() => onClose(state)) },
    );
  const text = (name: "title" | (typeof LONG)[number]) => ({
    label: t(`plan.${name}`),
    translate: "no" as const,
    value: plan[name] ?? "",
    onChange: ({ currentTarget: { value } }: { currentTarget: { value: string } }) =>
      set({ [name]: value }),
  });
  return (
    <CareForm
      title={t(version === null ? "plan.new" : "plan.change")}
      save={t("plan.sign")}
      draft={draft}
      isOvertaken={version !== null && version.entry !== newest}
      isBusy={write.isPending}
      isReady={plan.objectives.length + (plan.problem ?? plan.title ?? "").trim().length > 0}
      error={write.error}
      onSave={save}
      onClose={() => onClose(null)}
    >
      <TextInput {...text("title")} autoFocus />
      <SimpleGrid cols={{ base: 1, sm: 3 }} style={{ alignItems: "end" }}>
        <NativeSelect
          label={t("plan.state")}
          value={plan.status}
          onChange={({ currentTarget: { value } }) =>
            set({ status: STATES.find((each) => each === value) ?? "active" })
          }
          data={STATES.map((value) => ({ value, label: tRecord(`state.plan.${value}`) }))}
        />
        <DateField
          label={t("plan.start")}
          value={plan.start ?? ""}
          onDate={(start) => set({ start })}
        />
        <DateField
          label={t("plan.reviewOn")}
          description={t("plan.reviewHint")}
          value={plan.reviewOn ?? ""}
          onDate={(reviewOn) => set({ reviewOn })}
        />
      </SimpleGrid>
      <Textarea {...text("problem")} autosize minRows={2} />
      <Textarea {...text("strengths")} autosize minRows={2} />
      <LinesField
        label={t("plan.goals")}
        description={t("oneALine")}
        items={plan.longTermGoals}
        onItems={(longTermGoals) => set({ longTermGoals })}
      />
      <ObjectivesField
        objectives={plan.objectives}
        onChange={(objectives) => set({ objectives })}
      />
      <InterventionsField
        interventions={plan.interventions}
        onChange={(interventions) => set({ interventions })}
      />
      <Textarea {...text("dischargeCriteria")} autosize minRows={2} />
      <Agreement agreement={plan.agreement} onChange={(agreement) => set({ agreement })} />
    </CareForm>
  );
}

function Agreement({
  agreement,
  onChange,
}: {
  agreement: Plan["agreement"];
  onChange: (agreement: NonNullable<Plan["agreement"]>) => void;
}) {
  const { t } = useTranslation("chart");
  const held = agreement ?? { agreed: false, on: today() };
  return (
    <Fieldset legend={t("plan.agreement")} variant="unstyled">
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <Checkbox
          mt={{ base: 0, sm: 30 }}
          label={t("plan.agreed")}
          checked={held.agreed}
          onChange={({ currentTarget: { checked } }) => onChange({ ...held, agreed: checked })}
        />
        <DateField
          label={t("plan.agreedOn")}
          value={held.on}
          onDate={(value) => value !== "" && onChange({ ...held, on: value })}
        />
      </SimpleGrid>
      <Textarea
        mt="xs"
        autosize
        translate="no"
        label={t("plan.remark")}
        value={held.remark ?? ""}
        onChange={({ currentTarget: { value } }) => onChange({ ...held, remark: value })}
      />
    </Fieldset>
  );
}
