import { Anchor, Button, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";

/** What a browser shows that is no device yet. */
export function Welcome({
  onFound,
  onJoin,
  onRecover,
}: {
  onFound: () => void;
  onJoin: () => void;
  onRecover: () => void;
}) {
  const { t } = useTranslation("door");
  return (
    <Stack>
      <Text>{t("welcome.what")}</Text>
      <Text c="dimmed" size="sm">
        {t("welcome.notCertified")}
      </Text>
      <Button size="md" onClick={onFound}>
        {t("welcome.found")}
      </Button>
      <Button size="md" variant="default" onClick={onJoin}>
        {t("welcome.join")}
      </Button>
      <Anchor component="button" size="sm" onClick={onRecover}>
        {t("recover.open")}
      </Anchor>
    </Stack>
  );
}
