import { Group, Radio, Stack, Text } from "@mantine/core";
import type { KeyboardEvent } from "react";
import { useTranslation } from "react-i18next";

import type { Measure } from "@sinetti/practice";

import classes from "./Measures.module.css";

/** Moves to a choice of an item: to the one with this score, to its answer, or to its first. */
function focusItem(sheet: HTMLElement, index: number, score?: number): void {
  const item = sheet.querySelector(`[data-item="${index}"]`);
  const chosen = score === undefined ? "input:checked" : `input[value="${score}"]`;
  const choice = item?.querySelector<HTMLInputElement>(chosen) ?? item?.querySelector("input");
  choice?.focus();
  item?.scrollIntoView({ block: "nearest" });
}

/** The items of a measure. A number key answers the item in hand and goes on to the next. */
export function AnswerSheet({
  measure,
  answers,
  onAnswer,
}: {
  measure: Measure;
  answers: readonly (number | null)[];
  onAnswer: (item: number, score: number) => void;
}) {
  const { t } = useTranslation("chart");
  const onKeyDown = (event: KeyboardEvent<HTMLElement>): void => {
    if (!/^\d$/.test(event.key) || event.ctrlKey || event.altKey || event.metaKey) return;
    const place = (event.target as HTMLElement).closest<HTMLElement>("[data-item]");
    const index = Number(place?.dataset["item"] ?? Number.NaN);
    const options = measure.items[index]?.options ?? measure.options;
    if (!options.some(({ score }) => score === Number(event.key))) return;
    event.preventDefault();
    onAnswer(index, Number(event.key));
    const next = measure.items.findIndex((_, at) => at > index && (answers[at] ?? null) === null);
    if (next === -1) focusItem(event.currentTarget, index, Number(event.key));
    else focusItem(event.currentTarget, next);
  };
  return (
    <Stack gap="lg" onKeyDown={onKeyDown} role="group" aria-label={measure.name}>
      <div>
        <Text lang={measure.language} translate="no">
          {measure.instruction}
        </Text>
        <Text size="sm" c="dimmed">
          {t("measures.keys")}
        </Text>
      </div>
      {measure.items.map(({ text, options = measure.options }, index) => (
        <div key={text} data-item={index}>
          <Radio.Group
            name={`item-${index}`}
            label={`${index + 1}. ${text}`}
            labelProps={{ lang: measure.language, translate: "no" }}
            value={String(answers[index] ?? "")}
            onChange={(score) => onAnswer(index, Number(score))}
          >
            <Group gap="xs" mt={6} className={classes["options"] ?? ""}>
              {options.map(({ score, text: words }, place) => (
                <Radio
                  key={score}
                  value={String(score)}
                  autoFocus={index === 0 && place === 0}
                  className={classes["option"] ?? ""}
                  label={
                    <span lang={measure.language} translate="no">
                      <b className={classes["key"]}>{score}</b> {words}
                    </span>
                  }
                />
              ))}
            </Group>
          </Radio.Group>
        </div>
      ))}
    </Stack>
  );
}
