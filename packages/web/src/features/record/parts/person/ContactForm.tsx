import { NativeSelect, SimpleGrid, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useAct } from "../../../../app/useDesk.ts";
import type { ContactRow } from "../../../../worker/desks/personDesk.ts";
import { CareForm } from "../care/CareForm.tsx";

const ROLES = ["emergency", "guardian", "next-of-kin", "other"] as const;
type ContactFacts = ContactRow["contact"];

/** Somebody near the patient, new or as the next version. */
export function ContactForm({
  patient,
  before,
  onClose,
}: {
  patient: string;
  before: ContactRow | null;
  onClose: (state: string | null) => void;
}) {
  const { t } = useTranslation("chart");
  const old = before?.contact;
  const [role, setRole] = useState<(typeof ROLES)[number]>(old?.roles[0] ?? "emergency");
  const [name, setName] = useState(
    () =>
      old?.name?.text ?? [...(old?.name?.given ?? []), old?.name?.family ?? ""].join(" ").trim(),
  );
  const [relation, setRelation] = useState(old?.relation ?? "");
  const [phone, setPhone] = useState(old?.phones[0]?.value ?? "");
  const put = useAct(
    (desks, contact: ContactFacts) => desks.person.putContact(patient, contact),
    [["record", patient]],
  );
  const save = (): void => {
    const { relation: _relation, ...kept } = old ?? { phones: [], emails: [], addresses: [] };
    const contact: ContactFacts = {
      ...kept,
      roles: [role, ...(old?.roles ?? []).filter((each, at) => at > 0 && each !== role)],
      name: { given: [], text: name.trim() },
      ...(relation.trim() === "" ? {} : { relation: relation.trim() }),
      phones: [
        ...(phone.trim() === "" ? [] : [{ ...old?.phones[0], value: phone.trim() }]),
        ...kept.phones.slice(1),
      ],
      ...(before === null ? {} : { replaces: before.entry }),
    };
    put.mutate(contact, { onSuccess: onClose });
  };
  const input = (set: (value: string) => void) => ({
    translate: "no" as const,
    onChange: ({ currentTarget: { value } }: { currentTarget: { value: string } }) => set(value),
  });
  return (
    <CareForm
      title={t(before === null ? "person.newContact" : "person.changeContact")}
      save={t("person.sign")}
      isBusy={put.isPending}
      isReady={name.trim() !== ""}
      error={put.error}
      onSave={save}
      onClose={() => onClose(null)}
    >
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <TextInput label={t("person.name")} autoFocus value={name} {...input(setName)} />
        <NativeSelect
          label={t("person.role")}
          value={role}
          onChange={({ currentTarget: { value } }) =>
            setRole(ROLES.find((each) => each === value) ?? "other")
          }
          data={ROLES.map((value) => ({ value, label: t(`person.roles.${value}`) }))}
        />
        <TextInput label={t("person.relation")} value={relation} {...input(setRelation)} />
        <TextInput label={t("person.field.phone")} type="tel" value={phone} {...input(setPhone)} />
      </SimpleGrid>
    </CareForm>
  );
}
