import { Select } from "@mantine/core";
import { useTranslation } from "react-i18next";

/** The language of a paper; null: the patient's own. */
export type PaperLanguage = "en" | "fi" | "sv" | null;

const OPTIONS = ["patient", "fi", "sv", "en"] as const;

interface LanguageSelectProps {
  readonly value: PaperLanguage;
  readonly onChange: (language: PaperLanguage) => void;
}

/** In which language a paper is written. */
export function LanguageSelect({ value, onChange }: LanguageSelectProps) {
  const { t } = useTranslation("invoices");
  return (
    <Select
      label={t("language.label")}
      data={OPTIONS.map((each) => ({ value: each, label: t(`language.${each}`) }))}
      value={value ?? "patient"}
      onChange={(chosen) => onChange(chosen === null || chosen === "patient" ? null : chosen)}
      allowDeselect={false}
    />
  );
}
