import { Text } from "@mantine/core";
import { useTranslation } from "react-i18next";

import type { SafeContact } from "../../../worker/record/recordHead.ts";

const WAYS = ["phone", "post", "email"] as const;

/** Which ways of reaching the patient somebody else may read or hear. */
export function SafeContactHint({ safe }: { safe: SafeContact }) {
  const { t } = useTranslation("record");
  const unsafe = WAYS.filter((way) => safe[way] === "unsafe").map((way) => t(`safe.${way}`));
  const instructions = safe.instructions?.trim() ?? "";
  if (unsafe.length === 0 && instructions === "") return null;
  return (
    <Text fw={600} translate="no">
      {unsafe.length > 0 && t("safe.unsafe", { ways: unsafe.join(", ") })} {instructions}
    </Text>
  );
}
