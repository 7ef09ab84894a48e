import { Alert, Button, Group, Stack, Text, Title } from "@mantine/core";
import { useCallback, useRef, useState } from "react";
import { useTranslation } from "react-i18next";

import { FaultNote } from "../../../app/FaultNote.tsx";
import { useAct } from "../../../app/useDesk.ts";
import type { GroupSessionDraft } from "../../../worker/desks/groupDesk.ts";
import type { EditedDraft, NotePaper } from "../../../worker/desks/noteDesk.ts";
import { DraftBar } from "../note/DraftBar.tsx";
import classes from "../note/Note.module.css";
import { SectionField } from "../note/SectionField.tsx";
import { SessionFields } from "../note/SessionFields.tsx";
import type { DraftKeeper } from "../../../app/drafting/draftKeeper.ts";
import { useDraft } from "../../../app/drafting/useDraft.ts";
import { useEditorKeys } from "../note/useEditorKeys.ts";
import { GroupPart } from "./GroupPart.tsx";
import { sharedDoors } from "./sharedDoors.ts";

type Body = EditedDraft["body"];

/** The one editor of a couple or group: the session once, the shared part once, and each patient's own part. */
export function GroupForm({
  begun,
  paper,
  onClose,
}: {
  begun: GroupSessionDraft;
  paper: NotePaper;
  onClose: () => void;
}) {
  const { t } = useTranslation("record");
  const form = useRef<HTMLDivElement>(null);
  const keepers = useRef(new Map<string, DraftKeeper<Body>>());
  const shared = useDraft(begun.shared, sharedDoors(begun.file));
  const [session, setSession] = useState(begun.parts[0]?.body.session);
  const [lacking, setLacking] = useState<readonly string[]>([]);
  const onKeeper = useCallback((patient: string, keeper: DraftKeeper<Body>) => {
    keepers.current.set(patient, keeper);
  }, []);
  const sign = useAct(
    async ({ note, group }, isChecked: boolean) => {
      const parts = begun.parts.map((part) => {
        const keeper = keepers.current.get(part.patient);
        return { ...part, ...keeper?.draft };
      });
      const lacks = [];
      for (const { patient, body } of parts)
        if ((await note.check(body)).length > 0) lacks.push(patient);
      setLacking(lacks);
      if (lacks.length > 0) return null;
      await Promise.all([...keepers.current.values(), shared.keeper].map((each) => each.saveNow()));
      return group.sign({ ...begun, parts, shared: shared.keeper.draft }, isChecked);
    },
    [["record"], ["caseload"], ["today"]],
  );
  const submit = (isChecked: boolean): void =>
    sign.mutate(isChecked, {
      onSuccess: (signed) => {
        if (signed?.isSigned !== true) return;
        for (const keeper of [...keepers.current.values(), shared.keeper]) keeper.forget();
        onClose();
      },
    });
  const save = (): void => {
    for (const keeper of keepers.current.values()) void keeper.saveNow();
    void shared.keeper.saveNow();
  };
  useEditorKeys(form, { sign: () => submit(false), save, close: onClose });
  const onText = useCallback(
    (_: string, text: string) => shared.change((body) => ({ ...body, text })),
    [shared.change],
  );
  const failed = sign.error ?? shared.error ?? null;
  const named = sign.data?.named ?? [];
  const nameOf = (patient: string): string =>
    begun.parts.find((part) => part.patient === patient)?.name ?? "";
  return (
    <Stack ref={form} className={classes["editor"] ?? ""} gap="md">
      <Title order={2}>{t("together.write")}</Title>
      {session !== undefined && (
        <SessionFields session={session} choices={[]} onChange={setSession} />
      )}
      <SectionField
        id="shared"
        label={t("together.shared")}
        hint={t("together.sharedHint")}
        text={shared.body.text}
        isRequired={false}
        error={null}
        onText={onText}
      />
      {begun.parts.map((part) => (
        <GroupPart
          key={part.patient}
          begun={part}
          session={session}
          template={part.body.form ?? paper.templates.find(({ id }) => id === part.body.template)}
          isLacking={lacking.includes(part.patient)}
          onKeeper={onKeeper}
        />
      ))}
      {named.length > 0 && (
        <Alert role="alert" color="stone" title={t("together.names")}>
          <Text size="sm" translate="no">
            {[...new Set(named.map(({ patient }) => nameOf(patient)))].join(", ")}
          </Text>
          <Group mt="sm">
            <Button variant="default" onClick={() => submit(true)}>
              {t("together.anyway")}
            </Button>
          </Group>
        </Alert>
      )}
      {failed !== null && <FaultNote error={failed} />}
      <DraftBar
        kept={shared.kept}
        isSigning={sign.isPending}
        onSign={() => submit(false)}
        onClose={onClose}
        onDrop={null}
      />
    </Stack>
  );
}
