import { NativeSelect, SimpleGrid, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";

import { FormGate } from "../../../../app/drafting/FormGate.tsx";
import { useForm } from "../../../../app/drafting/useForm.ts";
import { useAct } from "../../../../app/useDesk.ts";
import type { BegunForm } from "../../../../worker/desks/formDesk.ts";
import type { ContactRow } from "../../../../worker/desks/personDesk.ts";
import { CareForm } from "../care/CareForm.tsx";

const ROLES = ["emergency", "guardian", "next-of-kin", "other"] as const;
type ContactFacts = ContactRow["contact"];

interface ContactDraft {
  readonly role: (typeof ROLES)[number];
  readonly name: string;
  readonly relation: string;
  readonly phone: string;
}

interface ContactFormProps {
  readonly patient: string;
  /** The contact that the draft began with; null: somebody new. */
  readonly changes: string | null;
  /** Null: somebody new, or who was taken back. */
  readonly before: ContactRow | null;
  readonly onClose: (state: string | null) => void;
}

function draftOf(old: ContactFacts | undefined): ContactDraft {
  const { name } = old ?? {};
  return {
    role: old?.roles[0] ?? "emergency",
    name: name?.text ?? [...(name?.given ?? []), name?.family ?? ""].join(" ").trim(),
    relation: old?.relation ?? "",
    phone: old?.phones[0]?.value ?? "",
  };
}

/** Somebody near the patient, new or as the next version. */
export function ContactForm(props: ContactFormProps) {
  const { patient, changes } = props;
  return (
    <FormGate<ContactDraft> place={{ form: "contact", about: patient, changes }}>
      {(begun) => <ContactFields key={begun.id} begun={begun} {...props} />}
    </FormGate>
  );
}

function ContactFields({
  patient,
  begun,
  before,
  onClose,
}: ContactFormProps & { begun: BegunForm<ContactDraft> }) {
  const { t } = useTranslation("chart");
  const old = before?.contact;
  const { body, set, draft } = useForm(begun, () => draftOf(old));
  const { role, name, relation, phone } = body;
  const put = useAct(
    (desks, contact: ContactFacts) => desks.person.putContact(patient, contact, draft.id),
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
    put.mutate(contact, {
      onSuccess: (state) => void draft.strike().then(() => onClose(state)),
    });
  };
  const input = (field: "name" | "relation" | "phone") => ({
    translate: "no" as const,
    value: body[field],
    onChange: ({ currentTarget: { value } }: { currentTarget: { value: string } }) =>
      set({ [field]: value }),
  });
  return (
    <CareForm
      title={t(before === null ? "person.newContact" : "person.changeContact")}
      save={t("person.sign")}
      draft={draft}
      isBusy={put.isPending}
      isReady={name.trim() !== ""}
      error={put.error}
      onSave={save}
      onClose={() => onClose(null)}
    >
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <TextInput label={t("person.name")} autoFocus {...input("name")} />
        <NativeSelect
          label={t("person.role")}
          value={role}
          onChange={({ currentTarget: { value } }) =>
            set({ role: ROLES.find((each) => each === value) ?? "other" })
          }
          data={ROLES.map((value) => ({ value, label: t(`person.roles.${value}`) }))}
        />
        <TextInput label={t("person.relation")} {...input("relation")} />
        <TextInput label={t("person.field.phone")} type="tel" {...input("phone")} />
      </SimpleGrid>
    </CareForm>
  );
}
