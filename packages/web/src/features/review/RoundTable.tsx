import { Table, Text } from "@mantine/core";
import { useEffect, useRef, useState, type KeyboardEvent } from "react";
import { useTranslation } from "react-i18next";

import { FaultNote } from "../../app/FaultNote.tsx";
import type { ReviewRow } from "../../worker/review/reviewRows.ts";
import { DecideDialog, type Asked } from "./DecideDialog.tsx";
import { EdgeRow } from "./EdgeRow.tsx";
import { useDeciding } from "./useDeciding.ts";

/** The accesses of a round, gone through by keys: j and k or the arrows move, y keeps, n narrows, x ends. */
export function RoundTable({
  round,
  rows,
  onKeepRest,
}: {
  round: string;
  rows: readonly ReviewRow[];
  onKeepRest: (() => void) | null;
}) {
  const { t } = useTranslation("review");
  const [current, setCurrent] = useState<number | null>(null);
  const [asked, setAsked] = useState<Asked | null>(null);
  const body = useRef<HTMLTableSectionElement>(null);
  const deciding = useDeciding(round);
  const place = Math.max(
    0,
    rows.findIndex(({ edge }) => edge === current),
  );
  const row = rows[place];
  const edge = row?.edge ?? null;
  useEffect(() => deciding.look(edge), [edge, deciding]);

  const show = (next: ReviewRow | undefined): void => {
    if (next === undefined) return;
    setCurrent(next.edge);
    body.current?.querySelector<HTMLElement>(`[data-edge="${next.edge}"]`)?.focus();
  };
  const showNext = (): void =>
    show(rows.find((each, at) => at > place && each.verdict === null) ?? rows[place + 1]);
  const act = (verdict: Asked["verdict"] | "keep", on: ReviewRow): void => {
    if (on.verdict !== null || deciding.isPending(on.edge)) return;
    if (verdict !== "keep") return setAsked({ verdict, row: on });
    deciding.decide({ edge: on.edge, verdict, reason: "needed" });
    showNext();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || row === undefined) return;
    const acts: Record<string, () => void> = {
      j: () => show(rows[place + 1]),
      ArrowDown: () => show(rows[place + 1]),
      k: () => show(rows[place - 1]),
      ArrowUp: () => show(rows[place - 1]),
      Home: () => show(rows[0]),
      End: () => show(rows.at(-1)),
      y: () => act("keep", row),
      n: () => act("narrow", row),
      x: () => act("revoke", row),
      K: () => onKeepRest?.(),
    };
    const found = acts[event.key];
    if (found === undefined) return;
    event.preventDefault();
    found();
  };
  if (rows.length === 0) return <Text>{t("round.nothing")}</Text>;
  return (
    <>
      {deciding.error !== null && <FaultNote error={deciding.error} />}
      <Table verticalSpacing={6} stickyHeader>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t("row.what")}</Table.Th>
            <Table.Th visibleFrom="sm">{t("row.rights")}</Table.Th>
            <Table.Th visibleFrom="sm">{t("row.used")}</Table.Th>
            <Table.Th visibleFrom="md">{t("row.until")}</Table.Th>
            <Table.Th>{t("row.decision")}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody ref={body} onKeyDown={onKeyDown}>
          {rows.map((each, at) => (
            <EdgeRow
              key={each.edge}
              row={each}
              count={
                rows[at - 1]?.holder === each.holder
                  ? null
                  : rows.filter(({ holder }) => holder === each.holder).length
              }
              isCurrent={at === place}
              isPending={deciding.isPending(each.edge)}
              refusal={deciding.refusalOf(each.edge)}
              onShow={setCurrent}
              onAct={act}
            />
          ))}
        </Table.Tbody>
      </Table>
      <DecideDialog
        asked={asked}
        onClose={() => setAsked(null)}
        onDecide={(wish) => {
          deciding.decide(wish);
          setAsked(null);
          // The dialog gives the focus back to its row first.
          setTimeout(showNext, 0);
        }}
      />
    </>
  );
}
