import { Alert, Anchor, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { Link, useRouterState } from "@tanstack/react-router";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";

import { sayDate } from "./dates.ts";
import { desks } from "./link.ts";
import { useHere } from "./me.ts";
import { screensOf } from "./screens.ts";

const HOUR_MS = 3_600_000;
/** The first screen has its turn before this asks the services. */
const FIRST_MS = 1500;
const POSTURE = "/posture";

function useLater(ms: number): boolean {
  const [isLater, setLater] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLater(true), ms);
    return () => clearTimeout(timer);
  }, [ms]);
  return isLater;
}

/** Says on every screen that a database has a critical fault which two of the practice bear until a day; to whoever looks after it, also one that nobody bears. */
export function BorneNote() {
  const { t } = useTranslation("borne");
  const { t: tPosture } = useTranslation("posture");
  const { me } = useHere();
  const path = useRouterState({ select: ({ location }) => location.pathname });
  const isLater = useLater(FIRST_MS);
  const { data } = useQuery({
    queryKey: ["borne"],
    queryFn: async () => (await desks()).posture.borne(),
    refetchInterval: HOUR_MS,
    enabled: isLater,
  });
  const said = (data ?? []).flatMap(({ database: name, until, open }) => {
    const database = tPosture(`database.${name}`);
    return [
      ...(open === null || open === 0 ? [] : [t("open", { database, count: open })]),
      ...until.map((day) => t("text", { database, until: sayDate(day) })),
    ];
  });
  if (said.length === 0) return null;
  const mayLook = screensOf(me.roles).some((screen) => screen.path === POSTURE);
  return (
    <Alert
      role="status"
      color="alarm"
      icon={<IconAlertTriangle />}
      title={t("title")}
      mb="lg"
      className="no-print"
    >
      {said.map((text) => (
        <Text size="sm" key={text}>
          {text}
        </Text>
      ))}
      {mayLook && path !== POSTURE && (
        <Anchor component={Link} to={POSTURE} size="sm">
          {t("which")}
        </Anchor>
      )}
    </Alert>
  );
}
