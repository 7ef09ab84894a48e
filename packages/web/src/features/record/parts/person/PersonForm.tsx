import { NativeSelect, SimpleGrid, Textarea, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";

import type { CodeChange } from "@sinetti/practice";

import { FormGate } from "../../../../app/drafting/FormGate.tsx";
import { useForm } from "../../../../app/drafting/useForm.ts";
import { useAct } from "../../../../app/useDesk.ts";
import type { BegunForm } from "../../../../worker/desks/formDesk.ts";
import type { PersonFacts } from "../../../../worker/desks/personDesk.ts";
import { CareForm } from "../care/CareForm.tsx";
import { personOf, wishOf, type PersonWish } from "./personWish.ts";

interface PersonDraft extends PersonWish {
  readonly codeReason: CodeChange["reason"];
}

interface PersonFormProps {
  readonly patient: string;
  /** The version that the draft began with. */
  readonly changes: string;
  /** The version that holds, and which one it is. */
  readonly before: PersonFacts;
  readonly newest: string;
  readonly onClose: (state: "written" | "not-findable" | null) => void;
}

const SEXES = ["unknown", "female", "male", "other"] as const;
const REACH = ["unknown", "safe", "unsafe"] as const;
const WAYS = ["phone", "post", "email"] as const;
const REASONS = ["assigned", "corrected", "sex-changed", "misused", "other"] as const;

/** Who somebody is, as the next version; the one before stays readable. */
export function PersonForm(props: PersonFormProps) {
  const { patient, changes } = props;
  return (
    <FormGate<PersonDraft> place={{ form: "person", about: patient, changes }}>
      {(begun) => <PersonFields key={begun.id} begun={begun} {...props} />}
    </FormGate>
  );
}

function PersonFields({
  patient,
  begun,
  changes,
  before,
  newest,
  onClose,
}: PersonFormProps & { begun: BegunForm<PersonDraft> }) {
  const { t } = useTranslation("chart");
  const {
    body: wish,
    set,
    draft,
  } = useForm(begun, () => ({ ...wishOf(before), codeReason: "assigned" as const }));
  const { codeReason } = wish;
  const old = before.personalCode?.value ?? "";
  const isChanged = old !== "" && wish.code.trim() !== old;
  const edit = useAct(
    async (desks, asked: PersonDraft) => {
      const isValid =
        asked.code.trim() === "" ||
        (await desks.person.isCode(before.personalCode?.country ?? "FI", asked.code.trim()));
      if (!isValid && asked.code.trim() !== old) return "code" as const;
      const person = personOf(before, asked);
      const isFindable = await desks.person.edit(patient, {
        person,
        ...(isChanged ? { codeReason } : {}),
        draft: draft.id,
      });
      return isFindable ? ("written" as const) : ("not-findable" as const);
    },
    [["record", patient], ["caseload"], ["today"]],
  );
  const save = (): void =>
    edit.mutate(wish, {
      onSuccess: (state) => {
        if (state !== "code") void draft.strike().then(() => onClose(state));
      },
    });
  const field = (name: Exclude<keyof PersonWish, "sex" | "safe">) => ({
    label: t(`person.field.${name}`),
    translate: "no" as const,
    value: wish[name],
    onChange: ({ currentTarget: { value } }: { currentTarget: { value: string } }) =>
      set({ [name]: value }),
  });
  return (
    <CareForm
      title={t("person.change")}
      save={t("person.sign")}
      isBusy={edit.isPending}
      isReady={wish.given.trim() + wish.family.trim() !== ""}
      error={edit.error}
      draft={draft}
      isOvertaken={changes !== newest}
      onSave={save}
      onClose={() => onClose(null)}
    >
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <TextInput {...field("given")} autoFocus />
        <TextInput {...field("family")} />
        <TextInput {...field("preferredName")} />
        <TextInput {...field("birthDate")} description={t("diagnosis.dateHint")} />
        <TextInput {...field("code")} error={edit.data === "code" ? t("person.codeWrong") : null} />
        {isChanged ? (
          <NativeSelect
            label={t("person.codeReason")}
            value={codeReason}
            onChange={({ currentTarget: { value } }) =>
              set({ codeReason: REASONS.find((each) => each === value) ?? "other" })
            }
            data={REASONS.map((value) => ({ value, label: t(`person.codeReasons.${value}`) }))}
          />
        ) : (
          <NativeSelect
            label={t("person.field.sex")}
            value={wish.sex}
            onChange={({ currentTarget: { value } }) =>
              set({ sex: SEXES.find((each) => each === value) ?? "unknown" })
            }
            data={SEXES.map((value) => ({ value, label: t(`person.sexes.${value}`) }))}
          />
        )}
        <TextInput {...field("phone")} type="tel" />
        <TextInput {...field("email")} type="email" />
        <TextInput {...field("street")} />
        <SimpleGrid cols={2}>
          <TextInput {...field("postalCode")} />
          <TextInput {...field("city")} />
        </SimpleGrid>
        <TextInput {...field("language")} />
      </SimpleGrid>
      <SimpleGrid cols={{ base: 1, sm: 3 }}>
        {WAYS.map((way) => (
          <NativeSelect
            key={way}
            label={t(`person.safe.${way}`)}
            value={wish.safe[way]}
            onChange={({ currentTarget: { value } }) =>
              set({
                safe: { ...wish.safe, [way]: REACH.find((each) => each === value) ?? "unknown" },
              })
            }
            data={REACH.map((value) => ({ value, label: t(`person.reach.${value}`) }))}
          />
        ))}
      </SimpleGrid>
      <Textarea {...field("instructions")} description={t("person.instructionsHint")} autosize />
    </CareForm>
  );
}
