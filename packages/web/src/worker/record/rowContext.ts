import { leasedDirectory, listTemplates, memberName, type OpenedRecord } from "@sinetti/client";
import type { MemberId } from "@sinetti/core";

import type { Session } from "../session.ts";
import type { RowContext } from "./timelineRow.ts";

/** What the rows of an open record are told with: names, templates and the objectives of its plans. */
export async function rowContext({ client }: Session, { care }: OpenedRecord): Promise<RowContext> {
  const [directory, templates] = await Promise.all([
    leasedDirectory(client),
    listTemplates(client),
  ]);
  const plans = care?.state.plan ?? [];
  const objectives = plans.flatMap(({ current, earlier }) =>
    [...earlier, current].flatMap(({ body }) =>
      body.objectives.map(({ id, text }) => [id, text] as const),
    ),
  );
  return {
    nameOf: (member) => memberName(directory, member as MemberId),
    templates,
    objectives: new Map(objectives),
  };
}
