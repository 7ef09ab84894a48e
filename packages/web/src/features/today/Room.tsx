import { Anchor, Group, Stack, Text, Title } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";

import classes from "./Today.module.css";

/** One thing to look at, with its heading. */
export function Room({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Stack component="section" gap="xs" className={classes["room"] ?? ""}>
      <Title order={2}>{title}</Title>
      {children}
    </Stack>
  );
}

/** What waits in it. */
export const Lines = ({ children }: { children: ReactNode }) => (
  <ul className={classes["schedule"]}>{children}</ul>
);

/** Whom it is about, what of them, and what can be done. */
export function Line({ who, what, more }: { who: ReactNode; what: ReactNode; more?: ReactNode }) {
  return (
    <li className={classes["slot"]}>
      <Group gap="0 12px" justify="space-between">
        <Group gap={6} wrap="nowrap">
          {who}
        </Group>
        <Text c="dimmed" size="sm">
          {what}
        </Text>
      </Group>
      {more}
    </li>
  );
}

/** The way to a patient's record. */
export function ToRecord({ patient, name }: { patient: string; name: string }) {
  return (
    <Anchor component={Link} to={`/records/${patient}`}>
      {name}
    </Anchor>
  );
}
