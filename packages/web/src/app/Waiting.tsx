import { Center, Loader, Stack, Text } from "@mantine/core";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";

const SHOWN_AFTER_MS = 250;

/** A quiet sign that something is on its way; nothing for what comes at once. */
export function Waiting({ label }: { label?: string }) {
  const { t } = useTranslation("app");
  const [isShown, setShown] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setShown(true), SHOWN_AFTER_MS);
    return () => clearTimeout(timer);
  }, []);
  if (!isShown) return <span data-waiting />;
  return (
    <Center mih={160} role="status">
      <Stack align="center" gap="xs">
        <Loader type="dots" />
        <Text size="sm" c="dimmed">
          {label ?? t("waiting")}
        </Text>
      </Stack>
    </Center>
  );
}
