import { Stack } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { useTranslation } from "react-i18next";

import { sayDate } from "../../../app/dates.ts";
import { useView } from "../../../app/useDesk.ts";
import { Sections } from "../timeline/Sections.tsx";
import classes from "./Note.module.css";
import { sayWords } from "./sayWords.ts";

/** Where it fits beside the editor, as its style has it. */
const BESIDE = "(min-width: 75em)";

/** What was written last time, to be read while the next note is written: beside it, or above it and closed where that is narrow. */
export function LastSession({ patient }: { patient: string }) {
  const { t } = useTranslation("record");
  const isBeside = useMediaQuery(BESIDE, false, { getInitialValueInEffect: false });
  const { data: last } = useView(["record", patient, "last"], ({ record }) =>
    record.lastNote(patient),
  );
  if (last === undefined || last === null) return null;
  return (
    <details className={classes["last"] ?? ""} open={isBeside}>
      <summary translate="no">
        {t("note.last")}: {sayDate(last.on)} · {sayWords(last.note.template)}
      </summary>
      <Stack gap="xs" mt="xs">
        <Sections sections={last.note.sections} />
      </Stack>
    </details>
  );
}
