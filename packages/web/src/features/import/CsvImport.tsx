import { Checkbox, Stack, Text, Title } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { CsvKind, CsvMapping, FileMapping } from "@sinetti/practice";

import { CsvFileForm, type ReadFile } from "./CsvFileForm.tsx";
import { CsvReportView } from "./CsvReportView.tsx";
import { RunBar } from "./RunBar.tsx";
import type { Given } from "./given.ts";
import { useRun } from "./useRun.ts";

/** Tables of another system: how each is read is shown, and can be put right, before anything is checked. */
export function CsvImport({ given }: { given: readonly Given[] }) {
  const { t } = useTranslation("import");
  const [readByPath, setRead] = useState<Readonly<Record<string, ReadFile>>>({});
  const [isStrict, setStrict] = useState(false);
  const read = given.flatMap(({ path, file }) => {
    const held = readByPath[path];
    return held === undefined ? [] : [{ ...held, file }];
  });
  const kinds = read.map(({ kind }) => kind);
  const isTwice = new Set(kinds).size < kinds.length;
  const isReady = read.length === given.length && !isTwice;
  const run = useRun((desks, isDryRun, onProgress) => {
    const files: Partial<Record<CsvKind, File>> = {};
    const mapping: CsvMapping & Partial<Record<CsvKind, FileMapping>> = { v: 1 };
    for (const each of read) {
      files[each.kind] = each.file;
      mapping[each.kind] = each.mapping;
    }
    return desks.importing.csv(
      { files, mapping, isStrict, isDryRun, nameless: t("nameless") },
      onProgress,
    );
  });
  const change = (path: string, held: ReadFile): void => {
    run.forget();
    setRead((before) => ({ ...before, [path]: held }));
  };
  return (
    <Stack component="section" gap="lg">
      <Title order={2}>{t("csv.title")}</Title>
      {given.map(({ file, path }) => (
        <CsvFileForm key={path} file={file} onRead={(held) => change(path, held)} />
      ))}
      {isTwice && <Text role="alert">{t("csv.twice")}</Text>}
      <Checkbox
        label={t("csv.strict")}
        checked={isStrict}
        onChange={(event) => {
          run.forget();
          setStrict(event.currentTarget.checked);
        }}
      />
      <RunBar run={run} isReady={isReady} />
      {run.last !== null && <CsvReportView ran={run.last} />}
    </Stack>
  );
}
