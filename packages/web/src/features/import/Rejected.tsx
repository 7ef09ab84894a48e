import { Stack, Table, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";

const SHOWN = 100;

/** Files that were left out, and why. */
export function Rejected({ rows }: { rows: readonly { file: string; reason: string }[] }) {
  const { t, i18n } = useTranslation("import");
  if (rows.length === 0) return null;
  const say = (reason: string): string => {
    const [code = "", place] = reason.split(/: /, 2);
    const key = code === "already imported by a colleague" ? "colleague" : code;
    const words = i18n.exists(`reason.${key}`, { ns: "import" }) ? t(`reason.${key}`) : code;
    return place === undefined ? words : `${words} (${place})`;
  };
  return (
    <Stack gap="xs">
      <Title order={3}>{t("report.leftFiles", { count: rows.length })}</Title>
      <Table verticalSpacing={4}>
        <Table.Tbody>
          {rows.slice(0, SHOWN).map(({ file, reason }, index) => (
            <Table.Tr key={index}>
              <Table.Td translate="no">{file}</Table.Td>
              <Table.Td>{say(reason)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Stack>
  );
}
