import { Alert, Button, Checkbox, Code, Group, Stack, Text, Title } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";

import { FaultNote } from "../../app/FaultNote.tsx";
import { door } from "../../app/link.ts";
import { saveFile } from "../../app/saveFile.ts";

/** What a founding leaves on paper. */
export interface Papers {
  readonly root: string;
  readonly kit: string;
  readonly breakGlass: string;
  readonly member: string;
  readonly practiceName: string;
  readonly memberName: string;
}

/** The papers of a founding: to be saved, printed or written down, and then struck here. */
export function FoundingPapers({
  papers,
  onTaken,
  error,
}: {
  papers: Papers;
  onTaken: () => void;
  error: unknown;
}) {
  const { t } = useTranslation("door");
  // What was pressed is gone: reading begins here.
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => title.current?.focus(), []);
  const [isKept, setKept] = useState(false);
  const [isGone, setGone] = useState(false);
  const save = useMutation({
    mutationFn: async () => {
      const { root, ...page } = papers;
      const bytes = await door.foundingPdf({ ...page, practice: root, server: location.origin });
      saveFile({ name: "sinetti-papers.pdf", bytes });
    },
  });
  return (
    <Stack>
      <Title order={2} ref={title} tabIndex={-1}>
        {t("papers.title")}
      </Title>
      <Text>{t("papers.what")}</Text>
      <Paper label={t("papers.kit")} hint={t("papers.kitHint")} code={papers.kit} />
      <Paper
        label={t("papers.breakGlass")}
        hint={t("papers.breakGlassHint")}
        code={papers.breakGlass}
      />
      <Paper label={t("papers.root")} hint={t("papers.rootHint")} code={papers.root} />
      <Paper label={t("papers.member")} hint={t("papers.memberHint")} code={papers.member} />
      <Group className="no-print">
        <Button variant="default" loading={save.isPending} onClick={() => save.mutate()}>
          {t("papers.pdf")}
        </Button>
        <Button variant="default" onClick={() => print()}>
          {t("papers.print")}
        </Button>
      </Group>
      {save.error !== null && <FaultNote error={save.error} />}
      <Alert color="stone" className="no-print">
        {t("papers.once")}
      </Alert>
      <Checkbox
        className="no-print"
        label={t("papers.kept")}
        checked={isKept}
        onChange={(event) => setKept(event.currentTarget.checked)}
      />
      {error !== null && <FaultNote error={error} />}
      <Button
        className="no-print"
        disabled={!isKept}
        loading={isGone && error === null}
        onClick={() => {
          setGone(true);
          onTaken();
        }}
      >
        {t("papers.go")}
      </Button>
    </Stack>
  );
}

function Paper({ label, hint, code }: { label: string; hint: string; code: string }) {
  return (
    <Stack gap={4}>
      <Text fw={620}>{label}</Text>
      <Code block fz="md">
        {code}
      </Code>
      <Text size="sm" c="dimmed">
        {hint}
      </Text>
    </Stack>
  );
}
