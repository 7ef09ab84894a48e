import { admit, listAdmissions, type Client } from "@sinetti/client";

import type { Output } from "../output.ts";

/** Takes up the admissions of this administrator: a second person may have approved since, or a command may have been cut short. */
export async function finishAdmissions(client: Client, output: Output): Promise<void> {
  for (const { member } of await admit(client, await listAdmissions(client)))
    output.log(`Member ${member} is admitted now.`);
}
