import { Badge, Button, Group, Table, Text } from "@mantine/core";
import { memo } from "react";
import { useTranslation } from "react-i18next";

import type { DecisionRefusal } from "@sinetti/client";

import { sayDate } from "../../app/dates.ts";
import type { ReviewRow } from "../../worker/review/reviewRows.ts";
import classes from "./Review.module.css";

type Act = "keep" | "narrow" | "revoke";
const ACTS: readonly (readonly [Act, string])[] = [
  ["keep", "Y"],
  ["narrow", "N"],
  ["revoke", "X"],
];

interface EdgeRowProps {
  readonly row: ReviewRow;
  /** How many accesses the holder has here, of the first of them; null: not the first. */
  readonly count: number | null;
  readonly isCurrent: boolean;
  readonly isPending: boolean;
  readonly refusal: DecisionRefusal | null;
  readonly onShow: (edge: number) => void;
  readonly onAct: (act: Act, row: ReviewRow) => void;
}

/** One access, below its holder's name where it is their first. */
export const EdgeRow = memo(EdgeLines, (before, after) =>
  // The acts change with every key; what they do depends on the row alone while it is not the current one.
  after.isCurrent || before.isCurrent
    ? false
    : before.row === after.row &&
      before.count === after.count &&
      before.isPending === after.isPending &&
      before.refusal === after.refusal,
);

function EdgeLines({ row, count, isCurrent, isPending, refusal, onShow, onAct }: EdgeRowProps) {
  const { t } = useTranslation("review");
  const { edge, holder, team, what, short, kind, rights, lastUsed, until, risks, isLast, state } =
    row;
  const used = lastUsed === null ? t("row.never") : sayDate(lastUsed);
  return (
    <>
      {count !== null && (
        <Table.Tr className={classes["holder"] ?? ""}>
          <Table.Th colSpan={5} scope="rowgroup">
            <span translate="no">{team === null ? holder : t(`team.${team}`)}</span>{" "}
            <Text span size="sm" c="dimmed">
              {t("row.count", { count })}
            </Text>
          </Table.Th>
        </Table.Tr>
      )}
      <Table.Tr
        data-edge={edge}
        tabIndex={isCurrent ? 0 : -1}
        aria-current={isCurrent || undefined}
        aria-busy={isPending}
        className={classes["edge"] ?? ""}
        onClick={() => onShow(edge)}
        onFocus={() => onShow(edge)}
      >
        <Table.Td>
          {kind === "key" ? t(`compartment.${what as "care"}`) : what}{" "}
          <Text span size="sm" c="dimmed" ff="monospace">
            {short}
          </Text>
          <Text size="sm" hiddenFrom="sm">
            {t("row.used")}: {used}
          </Text>
          <Group gap={6}>
            {state !== "active" && (
              <Badge
                variant="light"
                className={classes["mark"] ?? ""}
                color={state === "due" ? "spruce" : "alarm"}
              >
                {t(`state.${state}`)}
              </Badge>
            )}
            {risks.map((risk) => (
              <Badge key={risk} variant="light" className={classes["mark"] ?? ""} color="stone">
                {t(`risk.${risk}`)}
              </Badge>
            ))}
            {isLast && risks.length > 0 && (
              <Text span size="sm" c="dimmed">
                {t("row.last")}
              </Text>
            )}
          </Group>
        </Table.Td>
        <Table.Td visibleFrom="sm">
          {rights.map((right) => t(`right.${right}`)).join(", ")}
        </Table.Td>
        <Table.Td visibleFrom="sm">{used}</Table.Td>
        <Table.Td visibleFrom="md">{until === null ? "" : sayDate(until)}</Table.Td>
        <Table.Td>
          {row.verdict !== null && <Text fw={600}>{t(`verdict.${row.verdict}`)}</Text>}
          {isPending && <Text c="dimmed">{t("row.pending")}</Text>}
          {refusal !== null && (
            <Text size="sm" c="alarm" role="status">
              {t(`refusal.${refusal}`)}
            </Text>
          )}
          {isCurrent && row.verdict === null && !isPending && (
            <Group gap={6}>
              {ACTS.map(([act, key]) => (
                <Button
                  key={act}
                  size="compact-sm"
                  variant="default"
                  tabIndex={-1}
                  aria-keyshortcuts={key}
                  onClick={() => onAct(act, row)}
                >
                  {t(`act.${act}`)}
                </Button>
              ))}
            </Group>
          )}
        </Table.Td>
      </Table.Tr>
    </>
  );
}
