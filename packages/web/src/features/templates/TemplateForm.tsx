import { Button, Checkbox, Group, Stack, Text, Title } from "@mantine/core";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";

import { FaultNote, faultOfError } from "../../app/FaultNote.tsx";
import { shownLanguage } from "../../app/language.ts";
import { useAct } from "../../app/useDesk.ts";
import { SectionRow } from "./SectionRow.tsx";
import { TemplatePreview } from "./TemplatePreview.tsx";
import classes from "./Templates.module.css";
import { WordsField } from "./WordsField.tsx";
import {
  inLanguages,
  ownOf,
  withMoved,
  withSection,
  type SectionWish,
  type TemplateWish,
} from "./templateWish.ts";

const MOST_SECTIONS = 50;

/** Makes or changes a template, beside what it will look like. */
export function TemplateForm({ begun, onDone }: { begun: TemplateWish; onDone: () => void }) {
  const { t } = useTranslation("templates");
  const [wish, setWish] = useState(begun);
  const { label, sections, needsSession, isBilingual } = wish;
  const put = useAct(
    (desks, wanted: TemplateWish) => desks.template.put(ownOf(wanted)),
    [["templates"], ["record"]],
  );
  const wrong = put.error === null ? [] : faultOfError(put.error).fields;
  const change = (next: TemplateWish): void => {
    put.reset();
    setWish(next);
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    put.mutate(wish, { onSuccess: onDone });
  };
  const onSection = (changed: SectionWish): void =>
    change({
      ...wish,
      sections: sections.map((each) => (each.key === changed.key ? changed : each)),
    });
  const errorAt = (index: number): string | null => {
    if (wrong.includes(`sections.${index}.label`)) return t("section.wrong");
    return wrong.includes(`sections.${index}.hint`) ? t("section.hintWrong") : null;
  };
  return (
    <div className={classes["form"]}>
      <form onSubmit={submit} autoComplete="off">
        <Stack gap="lg">
          <Title order={2}>{t(begun.id === null ? "make" : "change")}</Title>
          {begun.id !== null && <Text size="sm">{t("changeHint")}</Text>}
          <WordsField
            label={t("name")}
            words={label}
            isBilingual={isBilingual}
            error={wrong.includes("label") ? t("nameWrong") : null}
            autoFocus={!isBilingual}
            onWords={(words) => change({ ...wish, label: words })}
          />
          <Checkbox
            label={t("bilingual")}
            checked={isBilingual}
            onChange={(event) => {
              const how = { isBilingual: event.currentTarget.checked, language: shownLanguage() };
              change(inLanguages(wish, how));
            }}
          />
          <Checkbox
            label={t("needsSession")}
            description={t("needsSessionHint")}
            checked={needsSession}
            onChange={(event) => change({ ...wish, needsSession: event.currentTarget.checked })}
          />
          {sections.map((section, index) => (
            <SectionRow
              key={section.key}
              section={section}
              place={index + 1}
              count={sections.length}
              isBilingual={isBilingual}
              error={errorAt(index)}
              onChange={onSection}
              onMove={(by) => change(withMoved(wish, section.key, by))}
              onRemove={() =>
                change({ ...wish, sections: sections.filter(({ key }) => key !== section.key) })
              }
            />
          ))}
          <Group>
            <Button
              variant="default"
              disabled={sections.length >= MOST_SECTIONS}
              onClick={() => change(withSection(wish))}
            >
              {t("section.add")}
            </Button>
          </Group>
          {put.error !== null && wrong.length === 0 && <FaultNote error={put.error} />}
          {wrong.length > 0 && <Text role="alert">{t("wrong")}</Text>}
          <Group>
            <Button type="submit" loading={put.isPending}>
              {t("save")}
            </Button>
            <Button variant="default" onClick={onDone}>
              {t("cancel")}
            </Button>
          </Group>
        </Stack>
      </form>
      <TemplatePreview wish={wish} />
    </div>
  );
}
