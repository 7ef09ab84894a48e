import {
  Alert,
  Anchor,
  Button,
  Group,
  Select,
  SimpleGrid,
  Stack,
  Text,
  TextInput,
  Title,
} from "@mantine/core";
import { Link, useNavigate } from "@tanstack/react-router";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";

import { DateField } from "../../app/DateField.tsx";
import { FaultNote } from "../../app/FaultNote.tsx";
import { KeptText, RestoredNote, ThrowAway } from "../../app/drafting/FormDraft.tsx";
import { FormGate } from "../../app/drafting/FormGate.tsx";
import { useForm } from "../../app/drafting/useForm.ts";
import { useHere } from "../../app/me.ts";
import { useAct } from "../../app/useDesk.ts";
import type { BegunForm } from "../../worker/desks/formDesk.ts";
import type { PersonWish } from "../../worker/desks/registrationDesk.ts";

const EMPTY: PersonWish = {
  given: "",
  family: "",
  preferredName: "",
  code: "",
  born: "",
  phone: "",
  email: "",
  street: "",
  postalCode: "",
  city: "",
  post: "unknown",
  instructions: "",
};
const POST = ["unknown", "safe", "unsafe"] as const;

const PLACE = { form: "registration", about: null, changes: null };

/** Registers a patient, after asking whether they are here already. */
export default function Register() {
  const [round, setRound] = useState(0);
  return (
    <FormGate<PersonWish> key={round} place={PLACE}>
      {(begun) => (
        <RegisterFields key={begun.id} begun={begun} onAnew={() => setRound((held) => held + 1)} />
      )}
    </FormGate>
  );
}

function RegisterFields({ begun, onAnew }: { begun: BegunForm<PersonWish>; onAnew: () => void }) {
  const { t } = useTranslation("registration");
  const { me } = useHere();
  const navigate = useNavigate();
  const { body: wish, set, draft } = useForm(begun, () => EMPTY);
  const [isCodeWrong, setCodeWrong] = useState(false);
  const readCode = useAct((desks, code: string) => desks.registration.readCode(code));
  const look = useAct((desks, person: PersonWish) => desks.registration.duplicates(person));
  const add = useAct(
    (desks, person: PersonWish) => desks.registration.add(person),
    [["caseload"], ["today"]],
  );
  const register = (): void =>
    add.mutate(wish, {
      onSuccess: ({ patient }) => {
        const to = me.roles.includes("therapist") ? `/records/${patient}` : "/find";
        void draft.strike().then(() => navigate({ to }));
      },
    });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    look.mutate(wish, { onSuccess: ({ rows }) => rows.length === 0 && register() });
  };
  const takeCode = (): void => {
    if (wish.code.trim() === "") return setCodeWrong(false);
    readCode.mutate(wish.code, {
      onSuccess: (read) => {
        setCodeWrong(read === null);
        if (read !== null && wish.born === "") set({ born: read.born });
      },
    });
  };
  const field = (name: keyof PersonWish) => ({
    label: t(`field.${name}`),
    value: wish[name],
    onChange: (event: { currentTarget: { value: string } }) =>
      set({ [name]: event.currentTarget.value }),
  });
  const found = look.data?.rows ?? [];
  return (
    <form onSubmit={submit} autoComplete="off">
      <Stack maw={720} gap="lg">
        <Title order={1}>{t("title")}</Title>
        <RestoredNote draft={draft} isOvertaken={false} />
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          <TextInput {...field("given")} autoFocus />
          <TextInput {...field("family")} />
          <TextInput
            {...field("code")}
            description={t("codeHint")}
            onBlur={takeCode}
            error={isCodeWrong ? t("codeWrong") : null}
          />
          <DateField
            label={t("field.born")}
            description={t("bornHint")}
            value={wish.born}
            onDate={(born) => set({ born })}
          />
          <TextInput {...field("phone")} type="tel" />
          <TextInput {...field("email")} type="email" />
          <TextInput {...field("street")} />
          <SimpleGrid cols={2}>
            <TextInput {...field("postalCode")} />
            <TextInput {...field("city")} />
          </SimpleGrid>
          <TextInput {...field("preferredName")} />
          <Select
            label={t("field.post")}
            data={POST.map((value) => ({ value, label: t(`post.${value}`) }))}
            value={wish.post}
            onChange={(value) => set({ post: value ?? "unknown" })}
            allowDeselect={false}
          />
        </SimpleGrid>
        <TextInput {...field("instructions")} description={t("instructionsHint")} />
        {found.length > 0 && (
          <Alert color="stone" role="alert" title={t("found.title")}>
            {found.map(({ patient, name, by }) => (
              <Text key={patient} size="sm">
                {name === "" ? (
                  t("found.elsewhere")
                ) : (
                  <Anchor component={Link} to={`/records/${patient}`}>
                    {name}
                  </Anchor>
                )}{" "}
                {t(`found.${by}`)}
              </Text>
            ))}
            <Button mt="sm" size="xs" variant="default" loading={add.isPending} onClick={register}>
              {t("found.another")}
            </Button>
          </Alert>
        )}
        {look.error !== null && <FaultNote error={look.error} />}
        {add.error !== null && <FaultNote error={add.error} />}
        <Group>
          <Button
            type="submit"
            loading={look.isPending || add.isPending}
            disabled={wish.given.trim() === "" || wish.family.trim() === "" || isCodeWrong}
          >
            {t("now")}
          </Button>
          {draft.isBegun && <ThrowAway onThrow={() => draft.strike().then(onAnew)} />}
          <KeptText draft={draft} />
        </Group>
      </Stack>
    </form>
  );
}
