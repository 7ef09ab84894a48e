import {
  Anchor,
  Button,
  Group,
  Modal,
  Select,
  Stack,
  Table,
  Text,
  Textarea,
  Title,
} from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { InvoicingUnit, Receipt } from "@sinetti/practice";

import { FaultNote } from "../../app/FaultNote.tsx";
import { localDate, sayDate, sayMoney } from "../../app/dates.ts";
import { useAct } from "../../app/useDesk.ts";
import type { DraftRow } from "../../worker/desks/invoiceDesk.ts";
import classes from "./Invoices.module.css";

type Line = DraftRow["draft"]["lines"][number];

const WAYS = ["invoice", "card", "cash", "transfer"] as const;
type Way = (typeof WAYS)[number];

const methodOf = (way: Way): Receipt["method"] | null => (way === "invoice" ? null : way);

const centsOfLine = ({ unitCents, quantityHundredths }: Line): number =>
  Math.round((unitCents * quantityHundredths) / 100);

/** A payer's share stands below its session and goes with it. */
const groupsOf = (lines: readonly Line[]): Line[][] =>
  lines.reduce<Line[][]>((groups, line) => {
    const last = groups.at(-1);
    if (line.appointment === undefined && last !== undefined) last.push(line);
    else groups.push([line]);
    return groups;
  }, []);

/** One draft: sessions can be left out; what is issued has a number and is final. */
export function DraftCard({
  row,
  unit,
  remark,
  onRemark,
  onIssued,
}: {
  row: DraftRow;
  unit: InvoicingUnit;
  remark: string;
  onRemark: (remark: string) => void;
  onIssued: () => void;
}) {
  const { t } = useTranslation("invoices");
  const [left, setLeft] = useState<ReadonlySet<number>>(new Set());
  const [way, setWay] = useState<Way>("invoice");
  const [isAsking, setAsking] = useState(false);
  const groups = groupsOf(row.draft.lines);
  const kept = groups.filter((_, index) => !left.has(index)).flat();
  const total = kept.reduce((sum, line) => sum + centsOfLine(line), 0);
  const issue = useAct(
    (desks, method: Receipt["method"] | null) =>
      desks.invoice.issue({
        unit: unit.id,
        method,
        draft: {
          ...row.draft,
          lines: kept,
          ...(remark.trim() !== "" && { remark: remark.trim() }),
        },
      }),
    [
      ["invoices", "ledger"],
      ["invoices", "toBill"],
    ],
  );
  const toggle = (index: number): void =>
    setLeft((held) => {
      const next = new Set(held);
      if (!next.delete(index)) next.add(index);
      return next;
    });
  if (issue.data !== undefined) {
    const { isDone, number } = issue.data;
    return (
      <Text role="status">
        {t(isDone ? "draft.issued" : "draft.billed", { number })}{" "}
        <Anchor
          component={Link}
          to={`/invoices/${unit.id}/${localDate(new Date()).slice(0, 4)}/${number}`}
        >
          {t("draft.open")}
        </Anchor>
      </Text>
    );
  }
  return (
    <Stack component="section" gap="sm">
      <Title order={2}>
        {t(`draft.${row.for}`)}{" "}
        <Text span inherit fw={400} translate="no">
          {row.draft.buyer.name}
        </Text>
      </Title>
      <Table verticalSpacing={6}>
        <Table.Tbody>
          {groups.map((group, index) => (
            <Sessions
              key={group[0]?.appointment ?? index}
              lines={group}
              isLeft={left.has(index)}
              onToggle={() => toggle(index)}
            />
          ))}
          <Table.Tr>
            <Table.Td fw={620}>{t("draft.total")}</Table.Td>
            <Table.Td fw={620} className={classes["sum"]}>
              {sayMoney(total)}
            </Table.Td>
            <Table.Td />
          </Table.Tr>
        </Table.Tbody>
      </Table>
      <Group align="flex-end">
        <Select
          label={t("draft.way")}
          data={WAYS.map((value) => ({ value, label: t(`draft.ways.${value}`) }))}
          value={way}
          onChange={(value) => setWay(value ?? "invoice")}
          allowDeselect={false}
        />
        <Textarea
          label={t("draft.remark")}
          autosize
          minRows={1}
          value={remark}
          onChange={(event) => onRemark(event.currentTarget.value)}
          flex={1}
          miw={220}
        />
      </Group>
      {issue.error !== null && <FaultNote error={issue.error} />}
      <Group justify="flex-end">
        <Button disabled={kept.length === 0 || total < 0} onClick={() => setAsking(true)}>
          {t(way === "invoice" ? "draft.issue" : "draft.receive")}
        </Button>
      </Group>
      <Modal
        opened={isAsking}
        onClose={() => setAsking(false)}
        title={t("draft.sure", { sum: sayMoney(total) })}
        closeButtonProps={{ "aria-label": t("close") }}
      >
        <Stack>
          <Text>{t("draft.final")}</Text>
          <Group justify="flex-end">
            <Button variant="default" onClick={() => setAsking(false)}>
              {t("cancel")}
            </Button>
            <Button
              data-autofocus
              loading={issue.isPending}
              onClick={() =>
                issue.mutate(methodOf(way), {
                  onSuccess: onIssued,
                  onSettled: () => setAsking(false),
                })
              }
            >
              {t(way === "invoice" ? "draft.issue" : "draft.receive")}
            </Button>
          </Group>
        </Stack>
      </Modal>
    </Stack>
  );
}

interface SessionsProps {
  readonly lines: readonly Line[];
  readonly isLeft: boolean;
  readonly onToggle: () => void;
}

function Sessions({ lines, isLeft, onToggle }: SessionsProps) {
  const { t } = useTranslation("invoices");
  const style = isLeft ? { textDecoration: "line-through", color: "var(--quiet)" } : {};
  return lines.map((line, index) => (
    <Table.Tr key={index}>
      <Table.Td style={style}>
        {line.on !== undefined && index === 0 && `${sayDate(line.on)} · `}
        {line.description}
      </Table.Td>
      <Table.Td className={classes["sum"]} style={style}>
        {sayMoney(centsOfLine(line))}
      </Table.Td>
      <Table.Td className={classes["sum"]}>
        {index === 0 && (
          <Button variant="subtle" size="compact-sm" onClick={onToggle}>
            {t(isLeft ? "draft.takeBack" : "draft.leaveOut")}
          </Button>
        )}
      </Table.Td>
    </Table.Tr>
  ));
}
