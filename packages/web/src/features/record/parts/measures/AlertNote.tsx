import { Alert, Button, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

/** An answer that somebody must look at now, and what to do. */
export function AlertNote({ alerts }: { alerts: readonly string[] }) {
  const { t } = useTranslation("chart");
  const { t: tRecord } = useTranslation("record");
  const navigate = useNavigate();
  if (alerts.length === 0) return null;
  return (
    <Alert
      role="alert"
      color="alarm"
      icon={<IconAlertTriangle />}
      title={alerts.map((alert) => tRecord(`alert.${alert}`)).join(", ")}
    >
      <Text size="sm">{t("measures.alertTodo")}</Text>
      <Button
        mt="xs"
        size="xs"
        variant="default"
        onClick={() => void navigate({ to: ".", hash: "risk" })}
      >
        {t("measures.toRisk")}
      </Button>
    </Alert>
  );
}
