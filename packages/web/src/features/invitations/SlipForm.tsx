import {
  Button,
  FileButton,
  Group,
  NativeSelect,
  NumberInput,
  Stack,
  Text,
  Title,
} from "@mantine/core";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";

import { FaultNote } from "../../app/FaultNote.tsx";
import { LANGUAGES, shownLanguage, type Language } from "../../app/language.ts";
import { saveFile } from "../../app/saveFile.ts";
import { useAct, useView } from "../../app/useDesk.ts";
import { PersonFields } from "./PersonFields.tsx";
import { PersonLine } from "./PersonLine.tsx";
import { TableProblems } from "./TableProblems.tsx";
import { isWhole, nobody, withPeople, type PersonWish } from "./staffRows.ts";

const DAYS = 14;
const MOST_DAYS = 59;

/** Makes slips for people who are written down one by one or taken from a table. */
export function SlipForm() {
  const { t } = useTranslation("invitations");
  const [people, setPeople] = useState<readonly PersonWish[]>([]);
  const [person, setPerson] = useState<PersonWish>(nobody);
  const [days, setDays] = useState(DAYS);
  const [language, setLanguage] = useState<Language>(shownLanguage);
  const { data: sites = [] } = useView(["people", "sites"], (desks) => desks.invite.sites());
  const table = useAct(async (desks, file: File) =>
    desks.invite.readTable(new Uint8Array(await file.arrayBuffer())),
  );
  const make = useAct(
    (desks, invitees: readonly PersonWish[]) =>
      desks.invite.make(invitees, { days, language, server: location.origin }),
    [["approvals", "invitations"]],
  );
  const everybody = withPeople(people, [person]);
  const add = (): void => {
    setPeople(everybody);
    setPerson(nobody);
  };
  const take = (file: File | null): void => {
    if (file === null) return;
    table.mutate(file, {
      onSuccess: (read) => read.ok && setPeople((held) => withPeople(held, read.invitees)),
    });
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    make.mutate(everybody, {
      onSuccess: (made) => {
        if (!made.ok) return;
        if (made.file !== null) saveFile(made.file);
        setPeople([]);
        setPerson(nobody);
      },
    });
  };
  return (
    <Stack component="form" onSubmit={submit} aria-label={t("make.title")}>
      <Title order={2}>{t("make.title")}</Title>
      {people.map((each) => (
        <PersonLine
          key={each.name}
          person={each}
          site={sites.find(({ id }) => id === each.site)?.name ?? null}
          onRemove={() => setPeople(people.filter(({ name }) => name !== each.name))}
        />
      ))}
      <PersonFields person={person} sites={sites} onChange={setPerson} />
      <Group>
        <Button variant="default" disabled={!isWhole(person)} onClick={add}>
          {t("make.another")}
        </Button>
        <FileButton accept=".csv,text/csv,text/plain" onChange={take}>
          {(props) => (
            <Button variant="default" loading={table.isPending} {...props}>
              {t("make.table")}
            </Button>
          )}
        </FileButton>
      </Group>
      <Text size="sm" c="dimmed">
        {t("make.tableHint")}
      </Text>
      {table.error !== null && <FaultNote error={table.error} />}
      {table.data?.ok === false && <TableProblems problems={table.data.problems} />}
      <Group align="flex-end">
        <NumberInput
          label={t("make.days")}
          value={days}
          min={1}
          max={MOST_DAYS}
          allowDecimal={false}
          maw={160}
          onChange={(value) => setDays(Number(value))}
        />
        <NativeSelect
          label={t("make.language")}
          value={language}
          data={LANGUAGES.map((value) => ({ value, label: t(`in.${value}`) }))}
          onChange={(event) => setLanguage(event.currentTarget.value === "fi" ? "fi" : "en")}
        />
      </Group>
      {make.error !== null && <FaultNote error={make.error} />}
      {make.data?.ok === true && (
        <Text role="status">
          {make.data.invited > 0 && t("make.done", { count: make.data.invited })}{" "}
          {make.data.already.length > 0 &&
            t("make.already", { names: make.data.already.join(", ") })}
        </Text>
      )}
      {make.data?.ok === false && (
        <Text role="alert">{t("make.others", { names: make.data.others.join(", ") })}</Text>
      )}
      <Group>
        <Button
          type="submit"
          loading={make.isPending}
          disabled={everybody.length === 0 || days < 1 || days > MOST_DAYS}
        >
          {t("make.now", { count: Math.max(1, everybody.length) })}
        </Button>
      </Group>
    </Stack>
  );
}
