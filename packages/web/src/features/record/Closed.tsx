import { Alert, Button, Group, Stack, Text } from "@mantine/core";
import { IconInfoCircle } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { FaultNote, faultOfError } from "../../app/FaultNote.tsx";
import { sayInstant } from "../../app/dates.ts";
import { useAct, useView } from "../../app/useDesk.ts";
import type { RecordHead } from "../../worker/record/recordHead.ts";
import { ReasonDialog } from "./ReasonDialog.tsx";
import { TopUp } from "./TopUp.tsx";

/** What a crisis opens: the gate looks past these, and past nothing else. */
const CRISIS_OPENS = ["over-budget", "cold"];

/** A record that did not open: why, what to do, and the way that is there for a patient in crisis. */
export function ClosedRecord({
  patient,
  error,
  retry,
}: {
  patient: string;
  error: unknown;
  retry: () => void;
}) {
  const { problem } = faultOfError(error);
  return (
    <Stack>
      <FaultNote error={error} retry={retry} />
      {problem === "over-budget" && <SpentNote />}
      {problem === "over-budget" && <TopUp onMore={retry} />}
      {problem !== null && CRISIS_OPENS.includes(problem) && <CrisisOpening patient={patient} />}
    </Stack>
  );
}

/** What is spent, and until when at the latest. */
function SpentNote() {
  const { t } = useTranslation("record");
  // Asked anew each time: it is another moment.
  const [asked] = useState(() => crypto.randomUUID());
  const { data } = useView(["spent", asked], (desks) => desks.safety.spent());
  if (data === undefined || data === null) return null;
  const { horizon, limit, until } = data;
  return (
    <Text size="sm">
      {t(`spent.${horizon}`, { count: limit })} {t("spent.until", { at: sayInstant(until) })}
    </Text>
  );
}

function CrisisOpening({ patient }: { patient: string }) {
  const { t } = useTranslation("record");
  const queries = useQueryClient();
  const [isAsking, setAsking] = useState(false);
  const open = useAct((desks, reason: string) => desks.record.openInCrisis(patient, reason));
  return (
    <>
      <Button w="fit-content" onClick={() => setAsking(true)}>
        {t("crisis.open")}
      </Button>
      <ReasonDialog
        isOpen={isAsking}
        title={t("crisis.open")}
        text={t("crisis.hint")}
        act={t("crisis.open")}
        error={open.error}
        isBusy={open.isPending}
        onClose={() => setAsking(false)}
        onReason={(reason) =>
          open.mutate(reason, {
            onSuccess: (screen) => queries.setQueryData(["record", patient], screen),
          })
        }
      />
    </>
  );
}

/** Parts of an open record that stay closed, and budgets that are nearly spent. */
export function Limits({ patient, head: { closed, near } }: { patient: string; head: RecordHead }) {
  const { t } = useTranslation("record");
  const queries = useQueryClient();
  if (closed.length + near.length === 0) return null;
  const isOver = closed.some(({ outcome }) => outcome === "over-budget");
  return (
    <Alert role="status" color="stone" icon={<IconInfoCircle />}>
      {closed.map(({ compartment, outcome }) => (
        <Text key={compartment} size="sm">
          {t(`closed.${compartment}`)} {t(`outcome.${outcome}`)}
        </Text>
      ))}
      {isOver && <SpentNote />}
      {near.length > 0 && <Text size="sm">{t("near")}</Text>}
      <Group gap="sm" mt="xs">
        {(near.length > 0 || isOver) && (
          <TopUp onMore={() => void queries.invalidateQueries({ queryKey: ["record", patient] })} />
        )}
        {closed.some(({ outcome }) => CRISIS_OPENS.includes(outcome)) && (
          <CrisisOpening patient={patient} />
        )}
      </Group>
    </Alert>
  );
}
