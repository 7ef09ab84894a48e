import { useTranslation } from "react-i18next";

import { SecretInput } from "../../app/SecretInput.tsx";

const SHORTEST = 12;

/** Long enough that a guess at 64 MiB and three passes each comes to nothing; a sentence is better than signs. */
export const isGoodPassword = (password: string): boolean => password.length >= SHORTEST;

/** A password to be chosen. */
export function NewPassword({
  label,
  value,
  onChange,
}: {
  label?: string;
  value: string;
  onChange: (password: string) => void;
}) {
  const { t } = useTranslation("door");
  return (
    <SecretInput
      label={label ?? t("password.label")}
      description={t("password.hint", { count: SHORTEST })}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      autoComplete="new-password"
      error={
        value !== "" && !isGoodPassword(value) ? t("password.short", { count: SHORTEST }) : null
      }
    />
  );
}
