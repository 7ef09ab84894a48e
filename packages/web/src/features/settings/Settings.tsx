import { Stack, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";

import { Appearance } from "./Appearance.tsx";
import { Devices } from "./Devices.tsx";
import { Kit } from "./Kit.tsx";
import { Passkeys } from "./Passkeys.tsx";
import { Password } from "./Password.tsx";
import { Trustees } from "./Trustees.tsx";

/** What this browser does as its user likes it, the locks of the device, and the papers of its member. */
export default function Settings() {
  const { t } = useTranslation("settings");
  return (
    <Stack maw={560} gap={40}>
      <Title order={1}>{t("title")}</Title>
      <Appearance />
      <Password />
      <Passkeys />
      <Devices />
      <Kit />
      <Trustees />
    </Stack>
  );
}
