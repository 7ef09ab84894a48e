import { Button, Group, Modal, Radio, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { Hold, RetentionRow } from "@sinetti/client";

import { DateField } from "../../app/DateField.tsx";
import { FaultNote } from "../../app/FaultNote.tsx";
import { Waiting } from "../../app/Waiting.tsx";
import { useAct, useView } from "../../app/useDesk.ts";
import { HoldList } from "./HoldList.tsx";

type Reason = Hold["reason"];
const REASONS: readonly Reason[] = ["claim", "complaint", "authority", "patient", "incident"];

/** Holds a patient's records, so that nobody erases them; shows and ends the holds that stand. */
export function HoldDialog({ row, onClose }: { row: RetentionRow | null; onClose: () => void }) {
  const { t } = useTranslation("retention");
  return (
    <Modal
      opened={row !== null}
      onClose={onClose}
      title={t("hold.title")}
      closeButtonProps={{ "aria-label": t("close") }}
    >
      {row !== null && <HoldForm row={row} onClose={onClose} />}
    </Modal>
  );
}

function HoldForm({ row: { patient, name }, onClose }: { row: RetentionRow; onClose: () => void }) {
  const { t } = useTranslation("retention");
  const [reason, setReason] = useState<Reason>("claim");
  const [until, setUntil] = useState("");
  const holds = useView(["retention", "holds", patient], (desks) => desks.erasure.holds(patient));
  const hold = useAct(
    (desks, wish: { reason: Reason; until: string | null }) => desks.erasure.hold(patient, wish),
    [["retention"], ["caseload", "retention"]],
  );
  const lift = useAct((desks) => desks.erasure.lift(patient), [["approvals"]]);
  if (holds.error !== null) return <FaultNote error={holds.error} />;
  if (holds.data === undefined) return <Waiting />;
  const error = hold.error ?? lift.error;
  return (
    <Stack>
      <Text fw={600} translate="no">
        {name}
      </Text>
      {holds.data.length > 0 && (
        <>
          <Text>{t("hold.stands")}</Text>
          <HoldList holds={holds.data} />
          {lift.data !== undefined && <Text role="status">{t("hold.asked")}</Text>}
          <Group>
            <Button
              size="xs"
              variant="default"
              loading={lift.isPending}
              disabled={lift.data !== undefined}
              onClick={() => lift.mutate(null)}
            >
              {t("hold.lift")}
            </Button>
          </Group>
        </>
      )}
      {holds.data.length === 0 && (
        <>
          <Text size="sm">{t("hold.what")}</Text>
          <Radio.Group label={t("hold.why")} value={reason} onChange={(value) => setReason(value)}>
            <Stack gap={6} mt="xs">
              {REASONS.map((each) => (
                <Radio key={each} value={each} label={t(`hold.reason.${each}`)} />
              ))}
            </Stack>
          </Radio.Group>
          <DateField
            label={t("hold.until")}
            description={t("hold.untilHint")}
            value={until}
            onDate={setUntil}
          />
        </>
      )}
      {error !== null && <FaultNote error={error} />}
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>
          {t("close")}
        </Button>
        {holds.data.length === 0 && (
          <Button
            loading={hold.isPending}
            onClick={() => hold.mutate({ reason, until: until === "" ? null : until })}
          >
            {t("hold.now")}
          </Button>
        )}
      </Group>
    </Stack>
  );
}
