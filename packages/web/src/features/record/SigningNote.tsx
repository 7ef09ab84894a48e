import { Button, Group, Stack, Text } from "@mantine/core";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";

import { FaultNote } from "../../app/FaultNote.tsx";
import { focusContent } from "../../app/content.ts";
import classes from "./timeline/Timeline.module.css";
import type { Signing } from "./useSigning.ts";

/** The seconds in which a signature can be undone, and what became of it. */
export function SigningNote({
  signing,
  onUndo,
}: {
  signing: Signing;
  onUndo: (id: string) => void;
}) {
  const { t } = useTranslation("record");
  const { draft, undo, error, done } = signing;
  const id = draft?.id;
  useEffect(() => {
    if (id === undefined) return undefined;
    return () => {
      // The button goes with its seconds; whoever stood on it stays in the record.
      if (document.activeElement === document.body) focusContent();
    };
  }, [id]);
  if (error !== null) return <FaultNote error={error} />;
  if (draft === null)
    return done === "waiting" || done === "signed-elsewhere" || done === "pending" ? (
      <Text role="status">{t(`signed.${done}`)}</Text>
    ) : null;
  return (
    <Stack className={classes["draft"] ?? ""} role="status">
      <Group justify="space-between">
        <Text>{t("signed.soon")}</Text>
        <Button
          variant="default"
          autoFocus
          onClick={() => {
            undo();
            onUndo(draft.id);
          }}
        >
          {t("signed.undo")}
        </Button>
      </Group>
    </Stack>
  );
}
