import {
  Button,
  Checkbox,
  Group,
  Select,
  SimpleGrid,
  Stack,
  Text,
  TextInput,
  Title,
} from "@mantine/core";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";

import type { RequestRow } from "@sinetti/client";
import type { WithholdWish } from "@sinetti/practice";

import { FaultNote } from "../../app/FaultNote.tsx";
import { sayDate } from "../../app/dates.ts";
import type { CopyWish } from "../../worker/desks/exportDesk.ts";
import { MadeFile } from "./MadeFile.tsx";
import { SealTo, isSealable, recipientsOf, type Seal } from "./SealTo.tsx";
import { Withholding } from "./Withholding.tsx";
import { Making } from "./Making.tsx";
import { makePassphrase } from "./passphrase.ts";
import { useMaking } from "./useMaking.ts";

const REASONS = ["access-request", "portability", "printing", "leaving", "other"] as const;
const LANGUAGES = ["patient", "fi", "sv", "en"] as const;
const NONE = "";

interface CopyFormProps {
  readonly patient: string;
  readonly requests: readonly RequestRow[];
}

/** What a copy holds, for whom, and what it is sealed to. */
export function CopyForm({ patient, requests }: CopyFormProps) {
  const { t } = useTranslation("export");
  const waiting = requests.filter(({ answeredAt }) => answeredAt === null);
  const [named, setForWhom] = useState<string | null>(null);
  const [reason, setReason] = useState<CopyWish["reason"]>("access-request");
  const [chosenDay, setRequestedOn] = useState<string | null>(null);
  const [language, setLanguage] = useState<(typeof LANGUAGES)[number]>("patient");
  const [seal, setSeal] = useState<Seal>(() => ({ to: "passphrase", text: makePassphrase() }));
  const [withhold, setWithhold] = useState<readonly WithholdWish[]>([]);
  const [withProcessNotes, setProcessNotes] = useState(false);
  const making = useMaking(patient);
  // The request that is due first, until somebody says otherwise.
  const forWhom = named ?? waiting[0]?.by ?? t("request.patient");
  const requestedOn = chosenDay ?? waiting[0]?.requestedOn ?? NONE;
  const isReady =
    forWhom.trim() !== "" &&
    isSealable(seal) &&
    withhold.every(({ entry, reason: why }) => entry !== "" && why.trim() !== "");
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    making.start({
      patient,
      to: recipientsOf(seal),
      forWhom: forWhom.trim(),
      reason,
      withhold: withhold.map((wish) => ({ ...wish, reason: wish.reason.trim() })),
      language: language === "patient" ? null : language,
      requestedOn,
      withProcessNotes,
    });
  };
  if (making.made !== null)
    return <MadeFile made={making.made} seal={seal} onAnother={making.forget} />;
  return (
    <form onSubmit={submit} autoComplete="off">
      <Stack component="section" gap="lg">
        <Title order={2}>{t("make.title")}</Title>
        <SimpleGrid cols={{ base: 1, xs: 2 }}>
          <TextInput
            label={t("make.forWhom")}
            value={forWhom}
            onChange={(event) => setForWhom(event.currentTarget.value)}
          />
          <Select
            label={t("make.reason")}
            data={REASONS.map((value) => ({ value, label: t(`make.reasons.${value}`) }))}
            value={reason}
            onChange={(value) => setReason(value ?? "other")}
            allowDeselect={false}
          />
          <Select
            label={t("make.answers")}
            data={[
              { value: NONE, label: t("make.noRequest") },
              ...[...new Set(requests.map((each) => each.requestedOn))].map((value) => ({
                value,
                label: sayDate(value),
              })),
            ]}
            value={requestedOn}
            onChange={(value) => setRequestedOn(value ?? NONE)}
            allowDeselect={false}
          />
          <Select
            label={t("make.language")}
            data={LANGUAGES.map((value) => ({ value, label: t(`make.languages.${value}`) }))}
            value={language}
            onChange={(value) => setLanguage(value ?? "patient")}
            allowDeselect={false}
          />
        </SimpleGrid>
        <SealTo seal={seal} onChange={setSeal} />
        <Withholding patient={patient} wishes={withhold} onChange={setWithhold} />
        <Checkbox
          label={t("make.process")}
          description={t("make.processHint")}
          checked={withProcessNotes}
          onChange={(event) => setProcessNotes(event.currentTarget.checked)}
        />
        <Making making={making} />
        {making.error !== null && <FaultNote error={making.error} />}
        <Text size="sm" c="dimmed">
          {t("make.logged")}
        </Text>
        <Group justify="flex-end">
          <Button type="submit" loading={making.isRunning} disabled={!isReady}>
            {t("make.now")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
