import { Text } from "@mantine/core";

import type { NoteVersion } from "../../../worker/record/timelineRow.ts";
import { sayWords } from "../note/sayWords.ts";
import classes from "./Timeline.module.css";

/** What stands under each heading of a note. */
export function Sections({ sections }: { sections: NoteVersion["sections"] }) {
  return sections.map(({ id, label, text }) => (
    <div key={id}>
      <Text size="sm" fw={600} c="dimmed">
        {sayWords(label)}
      </Text>
      <Text className={classes["reading"] ?? ""} translate="no">
        {text}
      </Text>
    </div>
  ));
}
