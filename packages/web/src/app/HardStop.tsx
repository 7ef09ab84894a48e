import { Container, Stack } from "@mantine/core";
import { useEffect } from "react";

import { DeskError } from "../worker/deskFault.ts";
import { FaultNote } from "./FaultNote.tsx";
import { door } from "./link.ts";

const STOP = new DeskError({ code: "verification-failed", isHardStop: true });

/** A check failed: the keys are dropped, and there is no way on but a new beginning. */
export function HardStop() {
  useEffect(() => {
    void door.lock();
  }, []);
  return (
    <Container size="sm" py="xl">
      <Stack component="main">
        <FaultNote error={STOP} />
      </Stack>
    </Container>
  );
}
