import { Button, Collapse, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconPlus } from "@tabler/icons-react";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import type { FormPlace } from "@sinetti/client";

import type { CareKind, CareLine, CareVersion } from "../../../../worker/desks/careDesk.ts";
import { KeptForms } from "../../KeptForms.tsx";
import { LineFrame } from "./LineFrame.tsx";

/** What a form is given, and how it ends. */
export interface FormProps<K extends CareKind> {
  readonly place: FormPlace;
  /** The version that it changes; null: something new. */
  readonly version: CareVersion<K> | null;
  /** The newest version of the same, in whose place it is signed; null: something new, or it holds no more. */
  readonly newest: string | null;
  readonly onClose: (state: string | null) => void;
}

/** All of one kind: those that hold, the button for one more, and below those that were taken back or are over. */
export function CareLines<K extends CareKind>({
  patient,
  kind,
  lines,
  canWrite,
  words,
  isOver = () => false,
  titleOf,
  draw,
  form,
  more = () => null,
}: {
  patient: string;
  kind: K;
  lines: readonly CareLine<K>[];
  canWrite: boolean;
  words: { readonly empty: string; readonly none: string; readonly add: string };
  /** Whether something that holds is put below with what was taken back. */
  isOver?: (version: CareVersion<K>) => boolean;
  titleOf: (version: CareVersion<K>) => string;
  draw: (version: CareVersion<K>) => ReactNode;
  form: (props: FormProps<K>) => ReactNode;
  /** What else can be done with one. */
  more?: (version: CareVersion<K>) => ReactNode;
}) {
  const { t } = useTranslation("chart");
  const [edited, setEdited] = useState<Pick<FormPlace, "changes"> | null>(null);
  const [state, setState] = useState<string | null>(null);
  const [areShown, shown] = useDisclosure(false);
  if (edited !== null)
    return form({
      place: { form: kind, about: patient, changes: edited.changes },
      ...versionsOf(lines, edited.changes),
      onClose: (outcome) => {
        setEdited(null);
        setState(outcome);
      },
    });
  const held = lines.filter(({ takenBack, current }) => takenBack === null && !isOver(current));
  const over = lines.filter((line) => !held.includes(line));
  const frame = (line: CareLine<K>): ReactNode => (
    <LineFrame
      key={line.current.entry}
      patient={patient}
      title={titleOf(line.current)}
      line={line}
      actions={
        canWrite ? (
          <>
            <Button variant="default" onClick={() => setEdited({ changes: line.current.entry })}>
              {t("change")}
            </Button>
            {more(line.current)}
          </>
        ) : null
      }
      draw={draw}
    />
  );
  return (
    <Stack gap="sm">
      {held.length === 0 && <Text c="dimmed">{canWrite ? words.empty : words.none}</Text>}
      {canWrite && (
        <Button
          w="fit-content"
          variant="default"
          className="no-print"
          leftSection={<IconPlus size={16} />}
          onClick={() => setEdited({ changes: null })}
        >
          {words.add}
        </Button>
      )}
      {canWrite && <KeptForms patient={patient} forms={[kind]} onGo={setEdited} />}
      {state !== null && <Text role="status">{t(state === "waiting" ? "waits" : "written")}</Text>}
      {held.map(frame)}
      {over.length > 0 && (
        <>
          <Button
            variant="subtle"
            w="fit-content"
            className="no-print"
            aria-expanded={areShown}
            onClick={shown.toggle}
          >
            {t("over", { count: over.length })}
          </Button>
          <Collapse expanded={areShown}>{over.map(frame)}</Collapse>
        </>
      )}
    </Stack>
  );
}

/** What a form that was begun on an entry changes, as it is now. */
function versionsOf<K extends CareKind>(
  lines: readonly CareLine<K>[],
  entry: string | null,
): Pick<FormProps<K>, "version" | "newest"> {
  for (const { current, earlier, takenBack } of lines) {
    const version = [current, ...earlier].find((each) => each.entry === entry);
    if (version !== undefined)
      return { version, newest: takenBack === null ? current.entry : null };
  }
  return { version: null, newest: null };
}
