import { Anchor, Stack, Text, Title } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { TFunction } from "i18next";
import { useTranslation } from "react-i18next";

import { FaultNote } from "../../app/FaultNote.tsx";
import { Waiting } from "../../app/Waiting.tsx";
import { sayDate } from "../../app/dates.ts";
import { useHere } from "../../app/me.ts";
import type { SupervisionRow } from "../../worker/desks/supervisionDesk.ts";
import { useSupervision } from "../supervision/useSupervision.ts";
import classes from "./Today.module.css";

/** What a supervisor has to look at. `isAlone`: it is their whole day, so it says also that there is nothing, and which accesses end. */
export function SupervisionDue({ isAlone = false }: { isAlone?: boolean }) {
  const { me } = useHere();
  return me.roles.includes("supervisor") ? <Due isAlone={isAlone} /> : null;
}

function Due({ isAlone }: { isAlone: boolean }) {
  const { t } = useTranslation("supervision");
  const { data: rows, error, refetch } = useSupervision();
  if (rows === undefined) {
    if (!isAlone) return null;
    return error === null ? <Waiting /> : <FaultNote error={error} retry={() => void refetch()} />;
  }
  const lines = linesOf(t, rows, isAlone);
  if (lines.length === 0 && !isAlone) return null;
  return (
    <Stack component="section" gap="xs" className={classes["room"] ?? ""}>
      <Title order={2}>{t("title")}</Title>
      {rows.length === 0 && <Text>{t("empty")}</Text>}
      {rows.length > 0 && lines.length === 0 && <Text>{t("today.nothing")}</Text>}
      {lines.map((line) => (
        <Text key={line}>{line}</Text>
      ))}
      {rows.length > 0 && (
        <Anchor component={Link} to="/supervision" w="fit-content">
          {t("today.go")}
        </Anchor>
      )}
    </Stack>
  );
}

/** Each thing that waits, in one sentence; the ends of accesses where no other part of the day tells them. */
function linesOf(t: TFunction<"supervision">, rows: readonly SupervisionRow[], isAlone: boolean) {
  const waiting = rows.reduce((count, row) => count + row.waiting.length, 0);
  const fresh = rows.filter((row) => row.fresh > 0).length;
  const ending = isAlone ? rows.filter((row) => row.endsSoon) : [];
  const first = ending
    .map(({ until }) => until ?? "")
    .sort()
    .at(0);
  return [
    waiting === 0 ? null : t("today.waiting", { count: waiting }),
    fresh === 0 ? null : t("today.new", { count: fresh }),
    first === undefined ? null : t("today.ending", { count: ending.length, date: sayDate(first) }),
  ].filter((line) => line !== null);
}
