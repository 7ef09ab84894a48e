import { Anchor, Stack, Text, Title } from "@mantine/core";
import type { ReviewReminder } from "@sinetti/client";
import { Link } from "@tanstack/react-router";
import type { TFunction } from "i18next";
import { useTranslation } from "react-i18next";

import { sayDate } from "../../app/dates.ts";
import { useHere } from "../../app/me.ts";
import { useView } from "../../app/useDesk.ts";
import classes from "./Today.module.css";

/** What of one's own accesses ends soon, and what a privacy officer has to review. `saysNothing`: also that there is nothing. */
export function AccessDue({ saysNothing = false }: { saysNothing?: boolean }) {
  const { me } = useHere();
  return (
    <>
      {me.roles.includes("privacy") && <ToReview saysNothing={saysNothing} />}
      {me.roles.includes("therapist") && <OwnEnding />}
    </>
  );
}

function ToReview({ saysNothing }: { saysNothing: boolean }) {
  const { t } = useTranslation("today");
  const { data } = useView(["review", "reminder"], (desks) => desks.review.reminder());
  if (data === undefined) return null;
  const isDue = data.ending > 0 || data.isOverdue || data.open > 0;
  if (!isDue && data.unheld === 0) return saysNothing ? <Text>{t("access.nothing")}</Text> : null;
  return (
    <Stack component="section" gap="xs" className={classes["room"] ?? ""}>
      <Title order={2}>{t("access.review")}</Title>
      {data.unheld > 0 && <Text fw={600}>{t("access.unheld", { count: data.unheld })}</Text>}
      <Text>
        {isDue && whatIsDue(t, data)}{" "}
        <Anchor component={Link} to="/review">
          {t("access.toReview")}
        </Anchor>
      </Text>
    </Stack>
  );
}

function whatIsDue(t: TFunction<"today">, { first, open, ending }: ReviewReminder): string {
  if (first === null) return t(open > 0 ? "access.open" : "access.overdue");
  return t("access.ending", { count: ending, date: sayDate(first) });
}

function OwnEnding() {
  const { t } = useTranslation("today");
  const { data } = useView(["today", "ending"], (desks) => desks.review.ending());
  if (data === undefined || data.first === null) return null;
  return (
    <Stack component="section" gap="xs" className={classes["room"] ?? ""}>
      <Title order={2}>{t("access.own")}</Title>
      <Text>{t("access.ownEnding", { count: data.count, date: sayDate(data.first) })}</Text>
    </Stack>
  );
}
