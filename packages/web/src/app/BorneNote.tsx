import { Alert, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { readBorne } from "./borne.ts";
import { sayDate } from "./dates.ts";

const HOUR_MS = 3_600_000;

/** Says on every screen that a database has a critical fault which two of the practice bear until a day. */
export function BorneNote() {
  const { t } = useTranslation("borne");
  const borne = useQuery({ queryKey: ["borne"], queryFn: readBorne, refetchInterval: HOUR_MS });
  if (borne.data === undefined || borne.data.length === 0) return null;
  return (
    <Alert
      role="status"
      color="red"
      icon={<IconAlertTriangle />}
      title={t("title")}
      mb="lg"
      className="no-print"
    >
      {borne.data.map(({ database, until }) => (
        <Text size="sm" key={`${database} ${until}`}>
          {t("text", { database, until: sayDate(until) })}
        </Text>
      ))}
    </Alert>
  );
}
