import { Group, Stack, Title } from "@mantine/core";
import type { ReactNode } from "react";

/** The top of every screen: what it is, and at the same place always what is done there first. */
export function ScreenHead({
  title,
  under,
  children,
}: {
  title: ReactNode;
  /** What one has to know before the first word. */
  under?: ReactNode;
  /** The actions, the first of them last: it stands at the edge. */
  children?: ReactNode;
}) {
  return (
    <Group justify="space-between" align="flex-start" gap="sm">
      <Stack gap={4} flex="1 1 auto" miw={0}>
        <Title order={1}>{title}</Title>
        {under}
      </Stack>
      {children !== undefined && children !== null && (
        <Group gap="xs" className="no-print">
          {children}
        </Group>
      )}
    </Group>
  );
}
