import { Alert, Button, Group, Radio, Stack, Text, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";

import type { CutoffSex, Measure } from "@sinetti/practice";

import { DateField } from "../../../../app/DateField.tsx";
import { FaultNote } from "../../../../app/FaultNote.tsx";
import { useAct, useView } from "../../../../app/useDesk.ts";
import type { MeasureInHand } from "../../../../worker/desks/measureDesk.ts";
import noteClasses from "../../note/Note.module.css";
import { useDraft } from "../../../../app/drafting/useDraft.ts";
import { AlertNote } from "./AlertNote.tsx";
import { AnswerSheet } from "./AnswerSheet.tsx";
import classes from "./Measures.module.css";
import { measureDoors } from "./measureDoors.ts";

/** A measure in the session: answered item by item, kept as a draft with each answer, recorded when it is whole. */
export function TakeMeasure({
  patient,
  begun,
  measure,
  onClose,
}: {
  patient: string;
  begun: MeasureInHand;
  measure: Measure;
  onClose: (state: string | null) => void;
}) {
  const { t } = useTranslation("chart");
  const draft = useDraft(begun, measureDoors(begun.file));
  const { body, kept } = draft;
  const { data: progress } = useView(
    ["measure-progress", begun.id, body.answers.join(), body.sex ?? null],
    (desks) => desks.measure.progress(body),
  );
  const finish = useAct(
    (desks, wish: MeasureInHand) => desks.measure.finish(patient, wish),
    [["record", patient], ["caseload"], ["today"]],
  );
  const drop = useAct(
    (desks, id: string) => desks.measure.drop(patient, id),
    [["record", patient]],
  );
  const record = async (): Promise<void> => {
    await draft.keeper.saveNow();
    finish.mutate(
      { ...draft.keeper.draft, file: begun.file },
      {
        onSuccess: (state) => {
          draft.keeper.forget();
          onClose(state);
        },
      },
    );
  };
  const throwAway = async (): Promise<void> => {
    const isNew = kept === null && body.answers.every((answer) => answer === null);
    await draft.keeper.saveNow();
    draft.keeper.forget();
    if (isNew) onClose(null);
    else drop.mutate(draft.keeper.draft.id, { onSuccess: () => onClose("dropped") });
  };
  const answered = body.answers.filter((answer) => answer !== null).length;
  const setAnswer = (item: number, score: number): void =>
    draft.change((held) => ({ ...held, answers: held.answers.with(item, score) }));
  const score = progress?.score ?? null;
  return (
    <Stack className={classes["sheet"] ?? ""} gap="lg">
      <Title order={2}>{measure.name}</Title>
      <Text size="sm" c="dimmed">
        {t("measures.language")}
      </Text>
      <DateField
        w="fit-content"
        label={t("measures.date")}
        value={body.date}
        onDate={(value) => value !== "" && draft.change((held) => ({ ...held, date: value }))}
      />
      {measure.cutoffs.some(({ sex }) => sex !== undefined) && (
        <Radio.Group
          label={t("measures.sex.label")}
          description={t("measures.sex.hint")}
          value={body.sex ?? ""}
          onChange={(sex) => draft.change((held) => ({ ...held, sex: sex as CutoffSex }))}
        >
          <Group mt={6}>
            <Radio value="female" label={t("measures.sex.female")} />
            <Radio value="male" label={t("measures.sex.male")} />
          </Group>
        </Radio.Group>
      )}
      <AnswerSheet measure={measure} answers={body.answers} onAnswer={setAnswer} />
      <AlertNote alerts={progress?.alerts ?? []} />
      <Sources measure={measure} />
      {draft.isBeside && <Alert color="stone">{t("measures.beside")}</Alert>}
      {draft.error !== null && <FaultNote error={draft.error} />}
      {finish.error !== null && <FaultNote error={finish.error} />}
      {drop.error !== null && <FaultNote error={drop.error} />}
      <Group className={noteClasses["bar"] ?? ""} justify="space-between" gap="xs">
        <Text size="sm" role="status">
          {score === null
            ? t("measures.answered", { done: answered, count: body.answers.length })
            : t("measures.total", { total: score.total, highest: highestOf(measure) })}{" "}
          <Text span c="dimmed" size="sm">
            {kept !== null && t(`measures.kept.${kept}`)}
          </Text>
        </Text>
        <Group gap="xs">
          <Button variant="subtle" loading={drop.isPending} onClick={() => void throwAway()}>
            {t("measures.drop")}
          </Button>
          <Button variant="default" onClick={() => onClose(answered === 0 ? null : "kept")}>
            {t("measures.later")}
          </Button>
          <Button
            loading={finish.isPending}
            disabled={score === null}
            onClick={() => void record()}
          >
            {t("measures.record")}
          </Button>
        </Group>
      </Group>
    </Stack>
  );
}

const highestOf = ({ items, options, multiplier }: Measure): number =>
  multiplier *
  items.reduce(
    (sum, { options: own = options }) => sum + Math.max(...own.map(({ score }) => score)),
    0,
  );

/** On which terms the text is used. */
function Sources({ measure: { sources } }: { measure: Measure }) {
  return sources.map(({ citation, terms }) => (
    <Text key={citation} size="xs" c="dimmed" lang="en">
      {citation}. {terms}
    </Text>
  ));
}
