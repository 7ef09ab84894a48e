import { Alert, Button, Group, Text } from "@mantine/core";
import { IconAlertTriangle, IconInfoCircle } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import { DeskError, internalFault, type DeskFault } from "../worker/deskFault.ts";

/** What is refused because somebody was faster, or a service was slower than another: it will pass. */
const PASSING = new Set([
  "behind",
  "broken-chain",
  "conflict",
  "duplicate-entry",
  "rekey-due",
  // A browser sends again what a connection was cut under.
  "replayed",
  "share-missing",
  "stale-epoch",
  "stale-head",
  "unknown-practice",
  "wraps-missing",
]);

/** What the screens say of a fault: the first key that the catalogue has. */
export function faultKeys({ code, problem, service }: DeskFault): string[] {
  const isSilent = code === "unreachable" && service !== null;
  return [
    ...(isSilent ? [`silent.${service}`] : []),
    ...(problem === null ? [] : [`problem.${problem}`]),
    ...(code === "refused" && problem !== null && PASSING.has(problem.replace(/^\w+: /, ""))
      ? ["problem.passing"]
      : []),
    `code.${code}`,
    "code.internal",
  ];
}

export const faultOfError = (error: unknown): DeskFault =>
  error instanceof DeskError ? error.fault : internalFault;

/** Says what happened, what was kept, and what to do. */
export function FaultNote({ error, retry }: { error: unknown; retry?: () => void }) {
  const { t, i18n } = useTranslation("faults");
  const fault = faultOfError(error);
  const key =
    faultKeys(fault).find((each) => i18n.exists(each, { ns: "faults" })) ?? "code.internal";
  return (
    <Alert
      role="alert"
      color={fault.isHardStop ? "alarm" : "stone"}
      variant={fault.isHardStop ? "filled" : "light"}
      {...(!fault.isHardStop && { bg: "var(--off)" })}
      icon={fault.isHardStop ? <IconAlertTriangle /> : <IconInfoCircle />}
      title={t(`${key}.what` as "code.internal.what")}
    >
      <Text size="sm">{t(`${key}.kept` as "code.internal.kept")}</Text>
      <Text size="sm">{t(`${key}.todo` as "code.internal.todo")}</Text>
      {fault.fields.length > 0 && (
        <Text size="sm">{t("fields", { fields: fault.fields.join(", ") })}</Text>
      )}
      {retry !== undefined && !fault.isHardStop && (
        <Group mt="sm">
          <Button variant="default" size="xs" onClick={retry}>
            {t("again")}
          </Button>
        </Group>
      )}
    </Alert>
  );
}
