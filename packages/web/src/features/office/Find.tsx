import { Anchor, Button, Group, SegmentedControl, Stack, Text, TextInput } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";

import { DateField } from "../../app/DateField.tsx";
import { FaultNote } from "../../app/FaultNote.tsx";
import { ScreenHead } from "../../app/ScreenHead.tsx";
import { useHere } from "../../app/me.ts";
import { useAct } from "../../app/useDesk.ts";

const FIELDS = ["phone", "name", "code"] as const;
type Field = (typeof FIELDS)[number];

const askOf = (
  field: Field,
  text: string,
  born: string,
): { name: string; born?: string } | { phone: string } | { code: string } => {
  if (field === "phone") return { phone: text };
  if (field === "code") return { code: text };
  return born === "" ? { name: text } : { name: text, born };
};

/** Finds a caller by one exact field; each search is counted and logged. */
export default function Find() {
  const { t } = useTranslation("office");
  const { me } = useHere();
  const place = me.roles.includes("therapist") ? "records" : "patients";
  const [field, setField] = useState<Field>("phone");
  const [text, setText] = useState("");
  const [born, setBorn] = useState("");
  const find = useAct((desks, ask: ReturnType<typeof askOf>) => desks.registration.find(ask));
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    find.mutate(askOf(field, text.trim(), born));
  };
  return (
    <Stack gap="lg">
      <ScreenHead title={t("title")}>
        <Button component={Link} to="/register" variant="default">
          {t("register")}
        </Button>
      </ScreenHead>
      <form onSubmit={submit} autoComplete="off">
        <Stack maw={560}>
          <SegmentedControl
            aria-label={t("by")}
            value={field}
            onChange={(value) => setField(value)}
            data={FIELDS.map((value) => ({ value, label: t(`field.${value}`) }))}
          />
          <TextInput
            label={t(`field.${field}`)}
            description={t(`hint.${field}`)}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
            autoFocus
          />
          {field === "name" && <DateField label={t("born")} value={born} onDate={setBorn} />}
          <Group>
            <Button type="submit" loading={find.isPending} disabled={text.trim() === ""}>
              {t("now")}
            </Button>
          </Group>
        </Stack>
      </form>
      {find.error !== null && <FaultNote error={find.error} />}
      {find.data?.length === 0 && (
        <Text role="status" c="dimmed">
          {t("nobody")}
        </Text>
      )}
      <Stack gap="xs" role="status">
        {find.data?.map(({ patient, name }) => (
          <Anchor key={patient} component={Link} to={`/${place}/${patient}`} translate="no">
            {name === "" ? t("nameless") : name}
          </Anchor>
        ))}
      </Stack>
      <Text size="sm" c="dimmed">
        {t("counted")}
      </Text>
    </Stack>
  );
}
