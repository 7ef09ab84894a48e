import { Checkbox, Group, NativeSelect, Stack, Text, TextInput, Title } from "@mantine/core";
import { useCallback, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";

import { FaultNote } from "../../../app/FaultNote.tsx";
import { sayDate } from "../../../app/dates.ts";
import { desks } from "../../../app/link.ts";
import { useAct, useView } from "../../../app/useDesk.ts";
import type { EditedDraft, Missing, NotePaper } from "../../../worker/desks/noteDesk.ts";
import { onPaper } from "../../../worker/record/noteForm.ts";
import { DraftBar } from "./DraftBar.tsx";
import { LastSession } from "./LastSession.tsx";
import { MissingDialog } from "./MissingDialog.tsx";
import classes from "./Note.module.css";
import { SectionField } from "./SectionField.tsx";
import { SessionFields } from "./SessionFields.tsx";
import { noteDoors } from "./noteDoors.ts";
import { sayWords } from "./sayWords.ts";
import { useDraft } from "../../../app/drafting/useDraft.ts";
import { useEditorKeys } from "./useEditorKeys.ts";
import { keepUsualTemplate } from "./usualTemplate.ts";
import { forgetSession, wantedSession } from "./wantedSession.ts";

type Session = EditedDraft["body"]["session"];

/** The one-minute note: what the session was, what is to be said, and the signature that locks it. */
export function NoteForm({
  patient,
  begun,
  isNew,
  paper: { templates, objectives },
  onBegun,
  onSign,
  onClose,
}: {
  patient: string;
  begun: EditedDraft;
  isNew: boolean;
  paper: NotePaper;
  /** Something was written: from now on there is a draft of this id. */
  onBegun: (id: string) => void;
  onSign: (draft: EditedDraft) => void;
  onClose: () => void;
}) {
  const { t } = useTranslation("record");
  const form = useRef<HTMLDivElement>(null);
  const { body, change, fill, kept, isBeside, error, keeper } = useDraft(
    begun,
    noteDoors(begun.file),
  );
  const isBegun = kept !== null;
  useEffect(() => {
    if (isBegun) onBegun(begun.id);
  }, [isBegun, begun.id]);
  const [missing, setMissing] = useState<readonly Missing[]>([]);
  const isAmendment = body.amends !== undefined;
  const template = body.form ?? templates.find(({ id }) => id === body.template);
  // One that was retired since stays that of this draft.
  const offered = templates.some(({ id }) => id === body.template)
    ? templates
    : [...templates, ...(template === undefined ? [] : [template])];
  const { data: choices = [] } = useView(["calendar", "note", patient], ({ note }) =>
    note.sessions(patient),
  );
  const { data: carried = null } = useView(
    ["record", patient, "carried", body.template, body.carriedFrom ?? null],
    ({ note }) => note.carried(patient, body),
    { enabled: !isAmendment && body.carriedFrom !== undefined },
  );
  const cameFrom = (id: string): string | null =>
    carried?.sections.includes(id) === true
      ? t("note.carried", { date: sayDate(carried.on) })
      : null;
  const onSession = useCallback(
    (session: Session) => change((draft) => ({ ...draft, session })),
    [change],
  );
  const onText = useCallback(
    (id: string, text: string) =>
      change((draft) => ({
        ...draft,
        sections: draft.sections.map((each) => (each.id === id ? { id, text } : each)),
      })),
    [change],
  );
  // The appointment that was chosen counts, else that of today, until somebody says otherwise.
  const [date] = useState(wantedSession(patient) ?? begun.body.session.date);
  useEffect(forgetSession, []);
  const meant = choices.find(({ session }) => session.date === date);
  const isUntouched = isNew && body.session === begun.body.session;
  useEffect(() => {
    if (isUntouched && meant !== undefined) fill((draft) => ({ ...draft, session: meant.session }));
  }, [isUntouched, meant?.key]);
  const onTemplate = async (id: string): Promise<void> => {
    const { note } = await desks();
    const next = await note.retemplate(patient, keeper.draft.body, id);
    change((draft) => onPaper(draft, next));
    if (!isAmendment) keepUsualTemplate(id);
  };
  const check = useAct((each, draft: EditedDraft["body"]) => each.note.check(draft));
  const sign = (): void =>
    check.mutate(keeper.draft.body, {
      onSuccess: (lacks) => {
        setMissing(lacks);
        if (lacks.length > 0) return;
        // Saved though nothing was typed: whoever undoes the signature finds the draft again.
        keeper.change(keeper.draft.body);
        void keeper.close();
        onSign({ ...begun, ...keeper.draft });
      },
    });
  const drop = useAct(
    (each, id: string) => each.note.drop(patient, id),
    [["record"], ["caseload"]],
  );
  useEditorKeys(form, { sign, save: () => void keeper.saveNow(), close: onClose });
  const failed = error ?? check.error ?? drop.error ?? null;
  const own = new Set(template?.sections.map(({ id }) => id));
  const left = body.sections.filter(({ id, text }) => !own.has(id) && text.trim() !== "");
  const lacking = new Set(missing.flatMap((each) => (each.is === "section" ? [each.id] : [])));
  return (
    <Stack ref={form} className={classes["editor"] ?? ""} gap="md">
      <Title order={2}>{t(isAmendment ? "note.correct" : "note.write")}</Title>
      {isBeside && <Text role="status">{t("note.beside")}</Text>}
      <NativeSelect
        label={t("note.template")}
        value={body.template}
        data-key="template"
        disabled={isAmendment}
        maw={280}
        onChange={(event) => void onTemplate(event.currentTarget.value)}
        data={offered.map(({ id, label }) => ({ value: id, label: sayWords(label) }))}
      />
      {isAmendment && (
        <TextInput
          label={t("note.reason")}
          description={t("note.reasonHint")}
          required
          value={body.reason ?? ""}
          maxLength={500}
          error={missing.some(({ is }) => is === "reason") ? t("missing.reason") : null}
          onChange={({ currentTarget: { value } }) =>
            change((draft) => ({ ...draft, reason: value }))
          }
        />
      )}
      <SessionFields session={body.session} choices={choices} onChange={onSession} />
      <div className={classes["desk"] ?? ""}>
        {!isAmendment && <LastSession patient={patient} />}
        <Stack gap="md">
          {template?.sections.map(({ id, label, hint, required }) => (
            <SectionField
              key={id}
              id={id}
              label={sayWords(label)}
              hint={[hint && sayWords(hint), cameFrom(id)].filter(Boolean).join(" ") || null}
              text={body.sections.find((each) => each.id === id)?.text ?? ""}
              isRequired={required}
              error={lacking.has(id) ? t("missing.section") : null}
              onText={onText}
            />
          ))}
          {left.length > 0 && <Text size="sm">{t("note.left")}</Text>}
          {left.map(({ id, text }) => (
            <SectionField
              key={id}
              id={id}
              label={id}
              hint={null}
              text={text}
              isRequired={false}
              error={null}
              onText={onText}
            />
          ))}
          {objectives.length > 0 && (
            <Checkbox.Group
              label={t("note.objectives")}
              value={[...body.objectives]}
              onChange={(chosen) => change((draft) => ({ ...draft, objectives: chosen }))}
            >
              <Group mt="xs" gap="md">
                {objectives.map(({ id, text }) => (
                  <Checkbox key={id} value={id} label={text} />
                ))}
              </Group>
            </Checkbox.Group>
          )}
        </Stack>
      </div>
      {failed !== null && <FaultNote error={failed} />}
      <MissingDialog
        missing={missing}
        template={template}
        onClose={() => setMissing([])}
        root={form}
      />
      <DraftBar
        kept={kept}
        isSigning={check.isPending}
        onSign={sign}
        onClose={onClose}
        onDrop={() => {
          keeper.forget();
          drop.mutate(keeper.draft.id, { onSuccess: onClose });
        }}
      />
    </Stack>
  );
}
