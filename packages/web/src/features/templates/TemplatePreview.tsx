import { Stack, Text, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";

import { shownLanguage } from "../../app/language.ts";
import classes from "./Templates.module.css";
import type { TemplateWish } from "./templateWish.ts";

/** A template as the note editor will show it. */
export function TemplatePreview({ wish: { label, sections } }: { wish: TemplateWish }) {
  const { t } = useTranslation("templates");
  const language = shownLanguage();
  return (
    <Stack component="section" aria-label={t("preview")} gap="sm" className={classes["preview"]}>
      <Text size="sm" c="dimmed">
        {t("preview")}
      </Text>
      <Title order={3}>{label[language].trim() === "" ? t("unnamed") : label[language]}</Title>
      {sections.map((section) => {
        const heading = section.label[language];
        const name = heading.trim() === "" ? t("section.unnamed") : heading;
        return (
          <div key={section.key}>
            <Text fw={500}>{section.required ? name : t("section.optional", { name })}</Text>
            {section.hint[language] !== "" && (
              <Text size="sm" c="dimmed">
                {section.hint[language]}
              </Text>
            )}
            <div className={classes["paper"]} />
          </div>
        );
      })}
    </Stack>
  );
}
