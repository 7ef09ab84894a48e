import { Anchor, Button, Stack, Text, Title } from "@mantine/core";
import { Link, useParams } from "@tanstack/react-router";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { FaultNote } from "../../app/FaultNote.tsx";
import { ScreenHead } from "../../app/ScreenHead.tsx";
import { Waiting } from "../../app/Waiting.tsx";
import { sayBirthDate } from "../../app/dates.ts";
import { useHere } from "../../app/me.ts";
import { useView } from "../../app/useDesk.ts";
import type { OfficePatient } from "../../worker/desks/officeDesk.ts";
import { Attendances } from "./Attendances.tsx";
import { Billing } from "./Billing.tsx";
import { BookFor, BookedNote } from "./BookFor.tsx";
import { Payers } from "./Payers.tsx";
import classes from "./Patient.module.css";

/** A patient as the front desk sees them: how to reach them, who pays, and when they came; never why. */
export default function Patient() {
  const { patient = "" } = useParams({ strict: false });
  const { t } = useTranslation("office");
  const { data, error, refetch } = useView(["office", patient], (desks) =>
    desks.office.view(patient),
  );
  return (
    <Stack gap="xl">
      {error !== null && <FaultNote error={error} retry={() => void refetch()} />}
      {data === undefined && error === null && <Waiting label={t("patient.opening")} />}
      {data !== undefined && <View view={data} />}
    </Stack>
  );
}

function View({ view }: { view: OfficePatient }) {
  const { t } = useTranslation("office");
  const { me } = useHere();
  const { patient } = view;
  const [booked, setBooked] = useState<string | null>(null);
  return (
    <>
      <ScreenHead
        title={<span translate="no">{view.name}</span>}
        under={
          me.roles.includes("therapist") && (
            <Anchor component={Link} to={`/records/${patient}`} size="sm">
              {t("patient.toRecord")}
            </Anchor>
          )
        }
      >
        <Button component={Link} to={`/invoices/new/${patient}`} variant="default">
          {t("patient.bill")}
        </Button>
        <BookFor person={{ patient, name: view.name }} onBooked={setBooked} />
      </ScreenHead>
      {booked !== null && <BookedNote start={booked} />}
      <Stack gap="xl" className={classes["page"] ?? ""}>
        <Room title={t("patient.reach")}>
          <ContactFields view={view} />
        </Room>
        <Payers view={view} />
        <Billing view={view} />
        <Attendances rows={view.attendances} />
      </Stack>
    </>
  );
}

function Room({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Stack component="section" gap="xs">
      <Title order={2}>{title}</Title>
      {children}
    </Stack>
  );
}

function ContactFields({ view }: { view: OfficePatient }) {
  const { t } = useTranslation("office");
  const { safeContact, addresses, contacts } = view;
  const unsafe = (["post", "phone", "email"] as const).filter(
    (each) => safeContact?.[each] === "unsafe",
  );
  const rows: [string, string][] = [
    [t("patient.fullName"), view.fullName],
    [t("patient.born"), view.birthDate === null ? "" : sayBirthDate(view.birthDate)],
    [t("patient.code"), view.code ?? ""],
    [t("patient.phone"), view.phones.join(", ")],
    [t("patient.email"), view.emails.join(", ")],
    [
      t("patient.address"),
      addresses
        .map(({ lines, postalCode, city }) =>
          [...lines, [postalCode, city].filter(Boolean).join(" ")].filter(Boolean).join(", "),
        )
        .join("; "),
    ],
    ...contacts.map(({ name, roles, phones }): [string, string] => [
      roles.map((role) => t(`patient.contact.${role as "other"}`)).join(", "),
      [name, ...phones].filter(Boolean).join(", "),
    ]),
  ];
  return (
    <>
      {view.hasDied && <Text fw={620}>{t("patient.died")}</Text>}
      {(unsafe.length > 0 || safeContact?.instructions !== undefined) && (
        <Text fw={620} role="note">
          {unsafe.length > 0 &&
            `${t("patient.unsafe", { ways: unsafe.map((each) => t(`patient.way.${each}`)).join(", ") })} `}
          {safeContact?.instructions}
        </Text>
      )}
      <dl className={classes["fields"]} translate="no">
        {rows
          .filter(([, value]) => value !== "")
          .map(([label, value]) => (
            <div key={label + value} className={classes["field"]}>
              <dt>{label}</dt>
              <dd>{value}</dd>
            </div>
          ))}
      </dl>
    </>
  );
}
