import type { SpotlightActionData } from "@mantine/spotlight";
import { useNavigate, useRouterState } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { useHere } from "../../app/me.ts";
import { useView } from "../../app/useDesk.ts";
import { partsOf } from "./parts.ts";

const RECORD = /^\/records\/([0-9a-f]{32})$/;

/** What the palette offers within a record that is open: to write in it, and its rooms. */
export function useRecordActions(): {
  readonly write: readonly SpotlightActionData[];
  readonly rooms: readonly SpotlightActionData[];
} {
  const { t } = useTranslation("record");
  const { me } = useHere();
  const navigate = useNavigate();
  const path = useRouterState({ select: ({ location }) => location.pathname });
  const patient = RECORD.exec(path)?.[1] ?? null;
  // What the screen has opened, and nothing of its own.
  const { data: screen } = useView(
    ["record", patient],
    (desks) => desks.record.open(patient ?? ""),
    { enabled: false },
  );
  if (patient === null || screen === undefined) return { write: [], rooms: [] };
  const { name, canWrite } = screen.head;
  const go = (hash: string, label: string): SpotlightActionData => ({
    id: `record-${hash}`,
    label,
    description: name,
    onClick: () => void navigate({ to: ".", hash }),
  });
  const rooms = partsOf(me.roles).map((part) => go(part.name, t(`parts.${part.name}`)));
  return {
    write: canWrite ? [go("note/new", t("note.write")), go("group", t("together.write"))] : [],
    rooms: [go("", t("parts.timeline")), ...rooms],
  };
}
