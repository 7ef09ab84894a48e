import { ActionIcon, TextInput, type TextInputProps } from "@mantine/core";
import { IconCalendar } from "@tabler/icons-react";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";

import { readDate, showDate } from "./typedDate.ts";

interface DateFieldProps extends Omit<
  TextInputProps,
  "value" | "onChange" | "onBlur" | "type" | "error" | "min" | "max" | "rightSection"
> {
  /** `YYYY-MM-DD`; empty: none. */
  readonly value: string;
  /** Hears a whole date, or an empty one while there is none. */
  readonly onDate: (date: string) => void;
  readonly min?: string;
  readonly max?: string;
}

/**
 * A date that is typed, in the form of the practice and not of the browser's language; the browser's own calendar is beside it.
 * What is no date keeps its form from being sent, and says so once it is left.
 */
export function DateField({ value, onDate, min, max, ...rest }: DateFieldProps) {
  const { t } = useTranslation("app");
  const input = useRef<HTMLInputElement>(null);
  // What was typed, and over which value: a date that comes from elsewhere is shown instead.
  const [typed, setTyped] = useState<{ text: string; over: string } | null>(null);
  const [isLeft, setLeft] = useState(false);
  const isTyped = typed !== null && [typed.over, readDate(typed.text) ?? ""].includes(value);
  const text = isTyped ? typed.text : showDate(value);
  const date = readDate(text);
  const wrong = problemOf(text.trim() === "" ? "" : date, { min, max });
  const problem = wrong === null ? "" : t(`date.${wrong.key}`, { date: wrong.date });
  useEffect(() => input.current?.setCustomValidity(problem), [problem]);
  const take = (next: string): void => {
    setTyped({ text: next, over: value });
    onDate(readDate(next) ?? "");
  };
  return (
    <TextInput
      {...rest}
      ref={input}
      value={text}
      placeholder={t("date.form")}
      translate="no"
      error={isLeft && problem !== "" ? problem : null}
      onChange={({ currentTarget }) => take(currentTarget.value)}
      onFocus={() => setLeft(false)}
      onBlur={() => {
        setLeft(true);
        if (date !== null && date === value) setTyped(null);
      }}
      rightSection={<Picker value={date ?? ""} onPick={take} />}
    />
  );
}

/** By mouse and touch; the keyboard types. */
function Picker({ value, onPick }: { value: string; onPick: (date: string) => void }) {
  const { t } = useTranslation("app");
  const calendar = useRef<HTMLInputElement>(null);
  return (
    <>
      <input
        ref={calendar}
        type="date"
        tabIndex={-1}
        aria-hidden
        value={value}
        style={{ position: "absolute", inset: 0, opacity: 0, pointerEvents: "none" }}
        onChange={({ currentTarget }) => onPick(currentTarget.value)}
      />
      <ActionIcon
        variant="subtle"
        tabIndex={-1}
        aria-label={t("date.pick")}
        onClick={() => calendar.current?.showPicker()}
      >
        <IconCalendar size={18} />
      </ActionIcon>
    </>
  );
}

interface Problem {
  readonly key: "none" | "early" | "late";
  readonly date: string;
}

function problemOf(
  date: string | null,
  { min, max }: { min: string | undefined; max: string | undefined },
): Problem | null {
  if (date === null) return { key: "none", date: "" };
  if (date === "") return null;
  if (min !== undefined && date < min) return { key: "early", date: showDate(min) };
  if (max !== undefined && date > max) return { key: "late", date: showDate(max) };
  return null;
}
