import { Button, Stack, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { ScreenHead } from "./ScreenHead.tsx";
import { useHere } from "./me.ts";
import type { Screen } from "./screens.ts";

/** At an address that is not among somebody's screens: the same words, whether it is somebody else's or nobody's. */
export function NotYours({ first: { path, name } }: { first: Screen }) {
  const { t } = useTranslation("app");
  const { me } = useHere();
  const roles = me.roles.map((role) => t(`roles.${role}`)).join(", ");
  return (
    <Stack maw="var(--reading)">
      <ScreenHead title={t("notYours.title")} />
      <Text>{t("notYours.what", { roles })}</Text>
      <Text>{t("notYours.todo")}</Text>
      <Button component={Link} to={path} w="fit-content">
        {t("notYours.go", { screen: t(`screens.${name}`) })}
      </Button>
    </Stack>
  );
}
