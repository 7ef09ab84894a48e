import { Group, Menu, NativeSelect, Tabs, UnstyledButton } from "@mantine/core";
import { IconChevronDown } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import { useHere } from "../../app/me.ts";
import classes from "./Rooms.module.css";
import { partsOf, type RecordPart } from "./parts.ts";

/** The rooms of a record that somebody with these roles has. */
export function useParts(): readonly RecordPart[] {
  return partsOf(useHere().me.roles);
}

/** Where in the record one is: the timeline, or one of its rooms. On a narrow screen a list to choose from. */
export function Rooms({ room, onGo }: { room: string; onGo: (room: string) => void }) {
  const { t } = useTranslation("record");
  const parts = useParts();
  if (parts.length === 0) return null;
  const rooms = ["timeline", ...parts.map(({ name }) => name)];
  const aside = parts.filter(({ isAside }) => isAside === true).map(({ name }) => name);
  return (
    <nav aria-label={t("rooms")} className="no-print">
      <Group visibleFrom="lg" wrap="nowrap" gap={0} className={classes["rooms"] ?? ""}>
        <Tabs value={room} onChange={(next) => onGo(next ?? "timeline")}>
          <Tabs.List className={classes["list"] ?? ""}>
            {rooms
              .filter((name) => !aside.includes(name))
              .map((name) => (
                <Tabs.Tab key={name} value={name}>
                  {t(`parts.${name}`)}
                </Tabs.Tab>
              ))}
          </Tabs.List>
        </Tabs>
        {aside.length > 0 && <More room={room} rooms={aside} onGo={onGo} />}
      </Group>
      <NativeSelect
        hiddenFrom="lg"
        aria-label={t("rooms")}
        value={room}
        onChange={(event) => onGo(event.currentTarget.value)}
        data={rooms.map((name) => ({ value: name, label: t(`parts.${name}`) }))}
      />
    </nav>
  );
}

/** The rooms that are not for every day; the one that is shown stands in place of the word. */
function More({
  room,
  rooms,
  onGo,
}: {
  room: string;
  rooms: readonly string[];
  onGo: (room: string) => void;
}) {
  const { t } = useTranslation("record");
  const isHere = rooms.includes(room);
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <UnstyledButton
          className={classes["more"] ?? ""}
          data-here={isHere || undefined}
          aria-current={isHere ? "page" : undefined}
        >
          {t(isHere ? `parts.${room}` : "more")}
          <IconChevronDown size={16} aria-hidden />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        {rooms.map((name) => (
          <Menu.Item key={name} onClick={() => onGo(name)}>
            {t(`parts.${name}`)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
