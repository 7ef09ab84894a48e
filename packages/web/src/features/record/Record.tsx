import { Stack, Title } from "@mantine/core";
import { useNavigate, useParams, useRouterState } from "@tanstack/react-router";

import { useView } from "../../app/useDesk.ts";
import { PartRoom } from "./PartRoom.tsx";
import { Rooms, useParts } from "./Rooms.tsx";

/** One patient's record. */
export default function Record() {
  const { patient = "" } = useParams({ strict: false });
  const room = useRouterState({ select: ({ location }) => location.hash }) || "timeline";
  const navigate = useNavigate();
  const part = useParts().find(({ name }) => name === room);
  const { data: rows } = useView(["caseload"], (desks) => desks.caseload.list());
  const name = rows?.find((row) => row.patient === patient)?.name ?? "";
  return (
    <Stack>
      <Title order={1}>{name}</Title>
      <Rooms room={room} onGo={(next) => void navigate({ to: ".", hash: next })} />
      {part !== undefined && <PartRoom part={part} patient={patient} />}
    </Stack>
  );
}
