import { Textarea } from "@mantine/core";
import { memo } from "react";
import { useTranslation } from "react-i18next";

import classes from "./Note.module.css";

/** One section of a note: a field that grows with its text. */
export const SectionField = memo(function SectionField({
  id,
  label,
  hint,
  text,
  isRequired,
  error,
  onText,
}: {
  id: string;
  label: string;
  /** What belongs here; null: the heading says it. */
  hint: string | null;
  text: string;
  isRequired: boolean;
  error: string | null;
  onText: (id: string, text: string) => void;
}) {
  const { t } = useTranslation("record");
  return (
    <Textarea
      label={isRequired ? label : t("section.optional", { label })}
      description={hint}
      aria-required={isRequired}
      value={text}
      error={error}
      autosize
      minRows={2}
      spellCheck={false}
      autoComplete="off"
      translate="no"
      data-section={id}
      className={classes["section"] ?? ""}
      onChange={(event) => onText(id, event.currentTarget.value)}
    />
  );
});
