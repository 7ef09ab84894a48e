import { Button, Group, Stack, Text, Title } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { sayInstant } from "../../../../app/dates.ts";
import { useAct } from "../../../../app/useDesk.ts";
import type { CareKind, CareLine, CareVersion } from "../../../../worker/desks/careDesk.ts";
import { ReasonDialog } from "../../ReasonDialog.tsx";
import timelineClasses from "../../timeline/Timeline.module.css";

/** Something that changes: as it stands, what can be done with it, and every version before. */
export function LineFrame<K extends CareKind>({
  patient,
  title,
  line,
  actions,
  draw,
}: {
  patient: string;
  title: string;
  line: CareLine<K>;
  /** Null: this member only reads. */
  actions: ReactNode;
  draw: (version: CareVersion<K>) => ReactNode;
}) {
  const { t } = useTranslation("chart");
  const { t: tRecord } = useTranslation("record");
  const [areShown, shown] = useDisclosure(false);
  const [isAsking, asking] = useDisclosure(false);
  const takeBack = useAct(
    (desks, wish: { entry: string; reason: string }) => desks.care.takeBack(patient, wish),
    [["record", patient], ["caseload"]],
  );
  const { current, earlier, takenBack } = line;
  return (
    <Stack component="article" gap="xs" className={timelineClasses["entry"] ?? ""}>
      <Title order={2} translate="no" td={takenBack === null ? "none" : "line-through"}>
        {title}
      </Title>
      {takenBack !== null && <Text>{tRecord("takenBack", { reason: takenBack })}</Text>}
      {draw(current)}
      <Signature version={current} />
      <Group gap="xs" className="no-print">
        {takenBack === null && actions}
        {takenBack === null && actions !== null && (
          <Button variant="subtle" onClick={asking.open}>
            {t("takeBack")}
          </Button>
        )}
        {earlier.length > 0 && (
          <Button variant="subtle" onClick={shown.toggle} aria-expanded={areShown}>
            {areShown ? t("hideEarlier") : tRecord("earlier", { count: earlier.length })}
          </Button>
        )}
      </Group>
      {takeBack.data === "waiting" && <Text role="status">{t("waits")}</Text>}
      {areShown &&
        earlier.map((version) => (
          <Stack key={version.entry} gap="xs" pl="md" opacity={0.85}>
            <Signature version={version} />
            {draw(version)}
          </Stack>
        ))}
      <ReasonDialog
        isOpen={isAsking}
        title={t("takeBack")}
        text={t("takeBackHint")}
        act={t("takeBack")}
        error={takeBack.error}
        isBusy={takeBack.isPending}
        onClose={asking.close}
        onReason={(reason) =>
          takeBack.mutate({ entry: current.entry, reason }, { onSuccess: asking.close })
        }
      />
    </Stack>
  );
}

function Signature({ version: { by, at } }: { version: { by: string | null; at: string } }) {
  const { t: tRecord } = useTranslation("record");
  return (
    <Text size="sm" c="dimmed">
      {tRecord("written", { by: by ?? tRecord("somebody"), at: sayInstant(at) })}
    </Text>
  );
}
