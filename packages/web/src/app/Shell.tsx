import {
  ActionIcon,
  AppShell,
  Box,
  Burger,
  Button,
  Group,
  NavLink,
  Text,
  Tooltip,
} from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconLock } from "@tabler/icons-react";
import { Link, Outlet, useRouterState } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";

import { BeginningNotes } from "./BeginningNotes.tsx";
import { BorneNote } from "./BorneNote.tsx";
import { FreezeButton } from "./FreezeButton.tsx";
import { Palette, PaletteButton } from "./Palette.tsx";
import { RunningNote } from "./RunningNote.tsx";
import { CONTENT, focusContent, isInContent } from "./content.ts";
import { useFocusBack } from "./focusBack.ts";
import { useHere } from "./me.ts";
import { screensOf } from "./screens.ts";
import classes from "./Shell.module.css";

/** The frame around every screen: where one can go, and at the same place always the lock and the freeze. */
export function Shell() {
  const { t } = useTranslation("app");
  const { me, lock } = useHere();
  const [isOpen, { toggle, close }] = useDisclosure(false);
  useArrival();
  return (
    <AppShell
      header={{ height: 56 }}
      navbar={{ width: 232, breakpoint: "sm", collapsed: { mobile: !isOpen } }}
      padding={{ base: "md", sm: "xl" }}
    >
      <a
        href={`#${CONTENT}`}
        className={classes["skip"]}
        onClick={(event) => {
          // The last part of an address names a room of a record: it stays what it is.
          event.preventDefault();
          focusContent();
        }}
      >
        {t("skip")}
      </a>
      <AppShell.Header className={classes["header"]}>
        <Group h="100%" px="md" gap="sm" wrap="nowrap">
          <Burger
            opened={isOpen}
            onClick={toggle}
            hiddenFrom="sm"
            size="sm"
            aria-label={t("menu")}
          />
          <Group gap={8} wrap="nowrap" className={classes["name"]}>
            <img src="/seal.svg" alt="" width={22} height={22} />
            <Text fw={620} truncate visibleFrom="xs">
              {me.practiceName}
            </Text>
          </Group>
          <Box flex={1} />
          <PaletteButton />
          <FreezeButton />
          <Tooltip label={t("lock.hint")}>
            <Button
              variant="default"
              leftSection={<IconLock size={16} />}
              onClick={() => void lock()}
              visibleFrom="sm"
            >
              {t("lock.now")}
            </Button>
          </Tooltip>
          <ActionIcon
            variant="default"
            size="lg"
            hiddenFrom="sm"
            aria-label={t("lock.now")}
            onClick={() => void lock()}
          >
            <IconLock size={18} />
          </ActionIcon>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="sm" className={classes["navbar"]}>
        <Navigation onGo={close} />
        <Box flex={1} />
        <Text size="sm" c="dimmed" px="sm" pb="xs">
          {me.name}
          <br />
          {me.roles.map((role) => t(`roles.${role}`)).join(", ")}
        </Text>
      </AppShell.Navbar>
      <AppShell.Main id={CONTENT} tabIndex={-1} className={classes["main"]}>
        <div className={classes["page"]}>
          <BeginningNotes />
          <BorneNote />
          <RunningNote />
          <Outlet />
        </div>
      </AppShell.Main>
      <Palette />
    </AppShell>
  );
}

/** Whoever goes to another screen is there with the keyboard too, unless that screen has put them into a field already. */
function useArrival(): void {
  const path = useRouterState({ select: ({ resolvedLocation }) => resolvedLocation?.pathname });
  const before = useRef(path);
  useEffect(() => {
    const isFirst = before.current === undefined;
    before.current = path;
    if (!isFirst && !isInContent()) focusContent();
  }, [path]);
  useFocusBack(path);
}

function Navigation({ onGo }: { onGo: () => void }) {
  const { t } = useTranslation("app");
  const { me } = useHere();
  const path = useRouterState({ select: ({ location }) => location.pathname });
  return (
    <nav aria-label={t("navigation")}>
      {screensOf(me.roles).map(
        ({ path: to, name, icon: Icon }) =>
          Icon !== null && (
            <NavLink
              key={to}
              component={Link}
              to={to}
              active={path === to || path.startsWith(`${to}/`)}
              aria-current={path === to ? "page" : undefined}
              label={t(`screens.${name}`)}
              leftSection={<Icon size={18} stroke={1.7} />}
              onClick={onGo}
              className={classes["link"]}
            />
          ),
      )}
    </nav>
  );
}
