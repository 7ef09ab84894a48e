import { Button, Group, Stack, Table, Text, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";

import { FaultNote } from "../../app/FaultNote.tsx";
import { sayDate } from "../../app/dates.ts";
import { saveFile } from "../../app/saveFile.ts";
import { useAct } from "../../app/useDesk.ts";
import type { RoundLine } from "../../worker/desks/reviewDesk.ts";

interface RoundListProps {
  readonly rounds: readonly RoundLine[];
  /** An open round is to be gone through. */
  readonly onTaken: (round: string) => void;
}

/** The rounds of the practice, with what came of them. */
export function RoundList({ rounds, onTaken }: RoundListProps) {
  const { t } = useTranslation("review");
  if (rounds.length === 0) return null;
  return (
    <Stack component="section" gap="sm">
      <Title order={2}>{t("rounds.title")}</Title>
      <Table verticalSpacing={6}>
        <Table.Tbody>
          {rounds.map((line) => (
            <Line key={line.round} line={line} onTaken={onTaken} />
          ))}
        </Table.Tbody>
      </Table>
    </Stack>
  );
}

function Line({
  line: { round, by, opened, edges, closed, isHere },
  onTaken,
}: Pick<RoundListProps, "onTaken"> & { line: RoundLine }) {
  const { t } = useTranslation("review");
  const record = useAct((desks) => desks.review.record(round));
  const save = (): void =>
    record.mutate(null, {
      onSuccess: ([paper, file]) => {
        saveFile(paper);
        saveFile(file, "application/cbor");
      },
    });
  return (
    <Table.Tr>
      <Table.Td>{sayDate(opened)}</Table.Td>
      <Table.Td translate="no">{by}</Table.Td>
      <Table.Td>
        <Text size="sm">
          {closed === null ? t("rounds.open", { count: edges }) : t("rounds.closed", { ...closed })}
        </Text>
        {record.error !== null && <FaultNote error={record.error} />}
      </Table.Td>
      <Table.Td>
        {isHere && (
          <Group justify="flex-end">
            {closed === null ? (
              <Button size="xs" variant="default" onClick={() => onTaken(round)}>
                {t("rounds.take")}
              </Button>
            ) : (
              <Button size="xs" variant="default" loading={record.isPending} onClick={save}>
                {t("rounds.record")}
              </Button>
            )}
          </Group>
        )}
      </Table.Td>
    </Table.Tr>
  );
}
