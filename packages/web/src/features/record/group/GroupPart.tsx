import { Stack, Text, Title } from "@mantine/core";
import type { NoteSession, NoteTemplate } from "@sinetti/practice";
import { useCallback, useEffect } from "react";
import { useTranslation } from "react-i18next";

import { FaultNote } from "../../../app/FaultNote.tsx";
import type { PartDraft } from "../../../worker/desks/groupDesk.ts";
import type { EditedDraft } from "../../../worker/desks/noteDesk.ts";
import { SectionField } from "../note/SectionField.tsx";
import type { DraftKeeper } from "../../../app/drafting/draftKeeper.ts";
import { noteDoors } from "../note/noteDoors.ts";
import { sayWords } from "../note/sayWords.ts";
import { useDraft } from "../../../app/drafting/useDraft.ts";

/** What one participant's own record says of the session. */
export function GroupPart({
  begun,
  session,
  template,
  isLacking,
  onKeeper,
}: {
  begun: PartDraft;
  session: NoteSession | undefined;
  template: NoteTemplate | undefined;
  isLacking: boolean;
  onKeeper: (patient: string, keeper: DraftKeeper<EditedDraft["body"]>) => void;
}) {
  const { t } = useTranslation("record");
  const { patient, name, file, id, body: first } = begun;
  const { body, change, kept, error, keeper } = useDraft({ id, body: first }, noteDoors(file));
  useEffect(() => onKeeper(patient, keeper), [patient, keeper, onKeeper]);
  useEffect(() => {
    if (session !== undefined && session !== first.session)
      change((draft) => ({ ...draft, session }));
  }, [session, first.session, change]);
  const onText = useCallback(
    (section: string, text: string) => {
      const own = section.slice(patient.length + 1);
      change((draft) => ({
        ...draft,
        sections: draft.sections.map((each) => (each.id === own ? { id: own, text } : each)),
      }));
    },
    [change, patient],
  );
  return (
    <Stack component="section" aria-label={name}>
      <Title order={3} translate="no">
        {name}
      </Title>
      {isLacking && <Text role="alert">{t("missing.part")}</Text>}
      {template?.sections.map(({ id: section, label, hint, required }) => (
        <SectionField
          key={section}
          id={`${patient} ${section}`}
          label={sayWords(label)}
          hint={hint === undefined ? null : sayWords(hint)}
          text={body.sections.find((each) => each.id === section)?.text ?? ""}
          isRequired={required}
          error={null}
          onText={onText}
        />
      ))}
      <Text size="sm" c="dimmed" role="status">
        {t(`kept.${kept ?? "begun"}`)}
      </Text>
      {error !== null && <FaultNote error={error} />}
    </Stack>
  );
}
