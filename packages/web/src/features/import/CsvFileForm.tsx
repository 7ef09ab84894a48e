import { Collapse, Button, Group, NumberInput, Select, Stack, Table, Text } from "@mantine/core";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";

import type { CsvKind, FileMapping } from "@sinetti/practice";

import { FaultNote } from "../../app/FaultNote.tsx";
import { Waiting } from "../../app/Waiting.tsx";
import { useAct } from "../../app/useDesk.ts";

/** How a file is to be read. */
export interface ReadFile {
  readonly kind: CsvKind;
  readonly mapping: FileMapping;
}

const KINDS = ["patients", "appointments", "notes"] as const;
const ORDERS = ["auto", "dmy", "mdy", "ymd"] as const;
const KEPT = "";

interface CsvFileFormProps {
  readonly file: File;
  readonly onRead: (read: ReadFile) => void;
}

/** One table: what it lists, and what each of its columns is. */
export function CsvFileForm({ file, onRead }: CsvFileFormProps) {
  const { t } = useTranslation("import");
  const [read, setRead] = useState<ReadFile | null>(null);
  const [isOpen, setOpen] = useState(false);
  const preview = useAct((desks, told: CsvKind | null) => desks.importing.preview(file, told));
  const take = (next: ReadFile): void => {
    setRead(next);
    onRead(next);
  };
  const look = (told: CsvKind | null): void =>
    preview.mutate(told, {
      onSuccess: ({ kind, mapping, fields, headers }) => {
        take({ kind, mapping });
        // Where little is known by its header, somebody has to look.
        const isKnown = Object.values(mapping.columns).filter((field) => field !== null).length;
        setOpen(isKnown < Math.min(3, headers.length, fields.length));
      },
    });
  useEffect(() => look(null), [file]);
  if (preview.error !== null) return <FaultNote error={preview.error} retry={() => look(null)} />;
  if (read === null || preview.data === undefined) return <Waiting label={t("csv.reading")} />;
  const { headers, fields } = preview.data;
  const { mapping } = read;
  const change = (next: Partial<FileMapping>): void =>
    take({ ...read, mapping: { ...mapping, ...next } });
  const kept = headers.filter((header) => mapping.columns[header] === null).length;
  return (
    <Stack gap="sm">
      <Group align="flex-end">
        <Select
          label={file.name}
          data={KINDS.map((value) => ({ value, label: t(`csv.kind.${value}`) }))}
          value={read.kind}
          onChange={(kind) => kind !== null && look(kind)}
          allowDeselect={false}
        />
        <Button
          variant="default"
          aria-expanded={isOpen}
          onClick={() => setOpen((before) => !before)}
        >
          {t(isOpen ? "csv.hideColumns" : "csv.columns")}
        </Button>
        <Text size="sm" c="dimmed">
          {kept === 0
            ? t("csv.allKnown")
            : t("csv.known", { known: headers.length - kept, count: headers.length })}
        </Text>
      </Group>
      <Collapse expanded={isOpen}>
        <Stack gap="sm">
          <Group align="flex-end">
            <Select
              label={t("csv.order.label")}
              data={ORDERS.map((value) => ({ value, label: t(`csv.order.${value}`) }))}
              value={mapping.dateOrder ?? "auto"}
              onChange={(value) => {
                const { dateOrder: _order, ...rest } = mapping;
                const told =
                  value === null || value === "auto" ? rest : { ...rest, dateOrder: value };
                take({ ...read, mapping: told });
              }}
              allowDeselect={false}
            />
            <NumberInput
              label={t("csv.pivot")}
              description={t("csv.pivotHint")}
              min={0}
              max={99}
              allowDecimal={false}
              value={mapping.pivot ?? ""}
              onChange={(value) => {
                const { pivot: _pivot, ...rest } = mapping;
                take({ ...read, mapping: value === "" ? rest : { ...rest, pivot: Number(value) } });
              }}
            />
          </Group>
          <Table verticalSpacing={4}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t("csv.column")}</Table.Th>
                <Table.Th>{t("csv.meaning")}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {headers.map((header) => (
                <Table.Tr key={header}>
                  <Table.Td translate="no">{header}</Table.Td>
                  <Table.Td>
                    <Select
                      aria-label={t("csv.meaningOf", { column: header })}
                      data={[
                        { value: KEPT, label: t("csv.kept") },
                        ...fields.map((value) => ({ value, label: t(`field.${value}`) })),
                      ]}
                      value={mapping.columns[header] ?? KEPT}
                      onChange={(field) =>
                        change({
                          columns: {
                            ...mapping.columns,
                            [header]: field === null || field === KEPT ? null : field,
                          },
                        })
                      }
                      allowDeselect={false}
                      searchable
                    />
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Stack>
      </Collapse>
    </Stack>
  );
}
