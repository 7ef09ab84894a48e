import { Anchor, Stack, Title } from "@mantine/core";
import { Link, useParams } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { Copy } from "./Copy.tsx";

/** Giving out a copy of one record, on a page of its own. */
export default function Export() {
  const { patient = "" } = useParams({ strict: false });
  const { t } = useTranslation("export");
  return (
    <Stack gap="xl" maw={760}>
      <Stack gap={4}>
        <Title order={1}>{t("title")}</Title>
        <Anchor component={Link} to={`/records/${patient}`} size="sm">
          {t("toRecord")}
        </Anchor>
      </Stack>
      <Copy key={patient} patient={patient} />
    </Stack>
  );
}
