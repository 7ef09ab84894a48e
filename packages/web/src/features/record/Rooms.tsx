import { NativeSelect, Tabs } from "@mantine/core";
import { useTranslation } from "react-i18next";

import { useHere } from "../../app/me.ts";
import { PARTS, type RecordPart } from "./parts.ts";

/** The rooms of a record that somebody with these roles has. */
export function useParts(): readonly RecordPart[] {
  const { me } = useHere();
  return PARTS.filter(
    ({ roles }) => roles === null || roles.some((each) => me.roles.includes(each)),
  );
}

/** Where in the record one is: the timeline, or one of its rooms. On a narrow screen a list to choose from. */
export function Rooms({ room, onGo }: { room: string; onGo: (room: string) => void }) {
  const { t } = useTranslation("record");
  const rooms = ["timeline", ...useParts().map(({ name }) => name)];
  if (rooms.length === 1) return null;
  return (
    <nav aria-label={t("rooms")} className="no-print">
      <Tabs value={room} onChange={(next) => onGo(next ?? "timeline")} visibleFrom="sm">
        <Tabs.List>
          {rooms.map((name) => (
            <Tabs.Tab key={name} value={name}>
              {t(`parts.${name}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
      </Tabs>
      <NativeSelect
        hiddenFrom="sm"
        aria-label={t("rooms")}
        value={room}
        onChange={(event) => onGo(event.currentTarget.value)}
        data={rooms.map((name) => ({ value: name, label: t(`parts.${name}`) }))}
      />
    </nav>
  );
}
