import { Stack } from "@mantine/core";

import type { PartProps } from "../record/parts.ts";
import { Copy } from "./Copy.tsx";

/** Giving out a copy, as a room of the record. */
export default function CopyPart({ patient }: PartProps) {
  return (
    <Stack gap="xl" maw={760}>
      <Copy patient={patient} />
    </Stack>
  );
}
