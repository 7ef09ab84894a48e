import { Button, Group, Modal, Radio, Stack, Text } from "@mantine/core";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";

import type { RowWish } from "../../worker/desks/reviewDesk.ts";
import type { ReviewRow } from "../../worker/review/reviewRows.ts";

/** What is asked about one access before it is narrowed or ended. */
export interface Asked {
  readonly verdict: "narrow" | "revoke";
  readonly row: ReviewRow;
}

type Wish = Omit<RowWish, "seconds">;
type Reason = RowWish["reason"];
type Rights = NonNullable<RowWish["rights"]>;

const REASONS: Readonly<Record<Asked["verdict"], readonly Reason[]>> = {
  narrow: ["too-wide", "role-changed", "mistake"],
  revoke: ["unused", "care-ended", "left", "role-changed", "mistake", "unknown"],
};

/** The reason that an access gives for its end by itself. */
function likely({ row: { risks }, verdict }: Asked): Reason {
  const by = { unused: "unused", "care-ended": "care-ended", left: "left" } as const;
  const found = risks.find((risk) => risk in by) as keyof typeof by | undefined;
  return verdict === "revoke" && found !== undefined
    ? by[found]
    : (REASONS[verdict][0] ?? "unknown");
}

/** Asks why, and what is left. */
export function DecideDialog({
  asked,
  onClose,
  onDecide,
}: {
  asked: Asked | null;
  onClose: () => void;
  onDecide: (wish: Wish) => void;
}) {
  const { t } = useTranslation("review");
  return (
    <Modal
      opened={asked !== null}
      onClose={onClose}
      title={asked === null ? "" : t(`ask.${asked.verdict}`)}
      closeButtonProps={{ "aria-label": t("ask.cancel") }}
      transitionProps={{ duration: 0 }}
    >
      {asked !== null && <DecideForm asked={asked} onClose={onClose} onDecide={onDecide} />}
    </Modal>
  );
}

function DecideForm({
  asked,
  onClose,
  onDecide,
}: {
  asked: Asked;
  onClose: () => void;
  onDecide: (wish: Wish) => void;
}) {
  const { t } = useTranslation("review");
  const { verdict, row } = asked;
  const [reason, setReason] = useState<Reason>(likely(asked));
  const choices: readonly Rights[] = row.rights.includes("write")
    ? [["read"], ["read", "write"]]
    : [["read"]];
  const [left, setLeft] = useState("0");
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const rights = choices[Number(left)];
    const base = { edge: row.edge, verdict, reason };
    onDecide(
      verdict === "narrow" && rights !== undefined && row.kind === "key"
        ? { ...base, rights }
        : base,
    );
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <Text size="sm">
          <span translate="no">{row.team === null ? row.holder : t(`team.${row.team}`)}</span>:{" "}
          {row.kind === "key" ? t(`compartment.${row.what as "care"}`) : row.what}{" "}
          <Text span c="dimmed" ff="monospace">
            {row.short}
          </Text>
        </Text>
        {verdict === "narrow" && row.kind === "key" && (
          <Radio.Group label={t("ask.left")} value={left} onChange={setLeft}>
            <Stack gap={6} mt="xs">
              {choices.map((rights, index) => (
                <Radio
                  key={rights.join()}
                  value={String(index)}
                  label={rights.map((right) => t(`right.${right}`)).join(", ")}
                />
              ))}
            </Stack>
          </Radio.Group>
        )}
        <Radio.Group label={t("ask.why")} value={reason} onChange={(value) => setReason(value)}>
          <Stack gap={6} mt="xs">
            {REASONS[verdict].map((each) => (
              <Radio key={each} value={each} label={t(`reason.${each}`)} />
            ))}
          </Stack>
        </Radio.Group>
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t("ask.cancel")}
          </Button>
          <Button type="submit" data-autofocus>
            {t(`act.${verdict}`)}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
