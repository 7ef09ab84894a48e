import { Alert, Button, Group, Stack, Text, Textarea, Title } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";

import { DateField } from "../../../../app/DateField.tsx";
import { FaultNote } from "../../../../app/FaultNote.tsx";
import { desks } from "../../../../app/link.ts";
import { useAct } from "../../../../app/useDesk.ts";
import type { Passage, ProcessInHand } from "../../../../worker/desks/processDesk.ts";
import noteClasses from "../../note/Note.module.css";
import { useDraft } from "../../../../app/drafting/useDraft.ts";
import { processDoors } from "./processDoors.ts";

/** Writes a process note, and says what of it belongs in the record instead. */
export function ProcessEditor({
  patient,
  begun,
  onClose,
}: {
  patient: string;
  begun: ProcessInHand;
  onClose: (state: string | null) => void;
}) {
  const { t } = useTranslation("chart");
  const { t: tRecord } = useTranslation("record");
  const draft = useDraft(begun, processDoors(begun.file));
  const { body, kept } = draft;
  const passages = usePassages(body.text);
  const topics = [["record", patient]];
  const sign = useAct((reach, wish: ProcessInHand) => reach.process.sign(patient, wish), topics);
  const drop = useAct((reach, id: string) => reach.process.drop(begun.file, id), topics);
  const signNow = async (): Promise<void> => {
    await draft.keeper.saveNow();
    const onSuccess = (state: string): void => {
      draft.keeper.forget();
      onClose(state);
    };
    sign.mutate({ ...draft.keeper.draft, file: begun.file }, { onSuccess });
  };
  const throwAway = async (): Promise<void> => {
    await draft.keeper.saveNow();
    draft.keeper.forget();
    if (kept === null && body.text === begun.body.text && body.text === "") onClose(null);
    else drop.mutate(draft.keeper.draft.id, { onSuccess: () => onClose("dropped") });
  };
  return (
    <Stack className={noteClasses["editor"] ?? ""} gap="md">
      <Title order={2}>{t(body.replaces === undefined ? "process.new" : "process.change")}</Title>
      <Text size="sm">{t("process.yours")}</Text>
      <DateField
        w="fit-content"
        label={t("process.session")}
        value={body.sessionDate ?? ""}
        onDate={(value) =>
          draft.change(({ sessionDate: _before, ...held }) =>
            value === "" ? held : { ...held, sessionDate: value },
          )
        }
      />
      <Textarea
        className={noteClasses["section"] ?? ""}
        label={t("process.text")}
        autosize
        minRows={6}
        autoFocus
        translate="no"
        value={body.text}
        onChange={({ currentTarget: { value } }) =>
          draft.change((held) => ({ ...held, text: value }))
        }
      />
      {passages.length > 0 && <PassagesNote passages={passages} />}
      {draft.isBeside && <Alert color="stone">{tRecord("note.beside")}</Alert>}
      {draft.error !== null && <FaultNote error={draft.error} />}
      {sign.error !== null && <FaultNote error={sign.error} />}
      {drop.error !== null && <FaultNote error={drop.error} />}
      <Group className={noteClasses["bar"] ?? ""} justify="space-between" gap="xs">
        <Text size="sm" c="dimmed" role="status" flex="1 1 200px">
          {kept === null ? tRecord("kept.begun") : tRecord(`kept.${kept}`)}
          {passages.length > 0 &&
            ` · ${t("process.holds", {
              kinds: [...new Set(passages.map(({ kind }) => t(`process.kind.${kind}`)))].join(", "),
            })}`}
        </Text>
        <Group gap="xs">
          <Button variant="subtle" loading={drop.isPending} onClick={() => void throwAway()}>
            {t("measures.drop")}
          </Button>
          <Button variant="default" onClick={() => onClose(kept === null ? null : "kept")}>
            {t("measures.later")}
          </Button>
          <Button
            loading={sign.isPending}
            disabled={body.text.trim() === ""}
            onClick={() => void signNow()}
          >
            {t("process.sign")}
          </Button>
        </Group>
      </Group>
    </Stack>
  );
}

function PassagesNote({ passages }: { passages: readonly Passage[] }) {
  const { t } = useTranslation("chart");
  return (
    <Alert color="stone" role="status" title={t("process.belongs")}>
      <Text size="sm">{t("process.belongsHint")}</Text>
      <ul style={{ margin: 0, paddingInlineStart: 20 }}>
        {[...new Map(passages.map((each) => [each.text.toLowerCase(), each])).values()].map(
          ({ kind, text }) => (
            <li key={text}>
              <Text size="sm">
                {t(`process.kind.${kind}`)}: <span translate="no">“{text}”</span>
              </Text>
            </li>
          ),
        )}
      </ul>
    </Alert>
  );
}

/** Straight to the worker: a query would hold each of these texts. */
function usePassages(text: string): readonly Passage[] {
  const [rested] = useDebouncedValue(text, 400);
  const [passages, setPassages] = useState<readonly Passage[]>([]);
  useEffect(() => {
    let isGone = false;
    const look = async (): Promise<void> => {
      const found = await (await desks()).process.passages(rested);
      if (!isGone) setPassages(found);
    };
    void look();
    return () => {
      isGone = true;
    };
  }, [rested]);
  return passages;
}
