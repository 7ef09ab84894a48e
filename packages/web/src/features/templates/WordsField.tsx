import { SimpleGrid, TextInput, type TextInputProps } from "@mantine/core";
import { useTranslation } from "react-i18next";

import { LANGUAGES, shownLanguage } from "../../app/language.ts";
import type { Words } from "../../worker/record/timelineRow.ts";
import { typed } from "./templateWish.ts";

const LONGEST = 200;

/** Words of a template: one line, or one in each language. */
export function WordsField({
  label,
  words,
  isBilingual,
  onWords,
  ...props
}: {
  label: string;
  words: Words;
  isBilingual: boolean;
  onWords: (words: Words) => void;
} & Omit<TextInputProps, "label" | "value" | "onChange">) {
  const { t } = useTranslation("templates");
  const languages = isBilingual ? LANGUAGES : [shownLanguage()];
  return (
    <SimpleGrid cols={{ base: 1, xs: languages.length }} spacing="sm">
      {languages.map((language) => (
        <TextInput
          key={language}
          {...props}
          label={isBilingual ? t(`in.${language}`, { label }) : label}
          value={words[language]}
          maxLength={LONGEST}
          autoComplete="off"
          onChange={({ currentTarget: { value } }) =>
            onWords(typed(words, value, { language, isBilingual }))
          }
        />
      ))}
    </SimpleGrid>
  );
}
