import { finishDevice, readBudget, type Endpoints } from "@sinetti/client";
import type { SaidBudget } from "@sinetti/drill";

import { openProfile } from "../profile/profile.ts";
import { PASSWORD, type Staff } from "./hireStaff.ts";

const seconds = (): number => Math.floor(Date.now() / 1000);

/** What the gate says that each member has spent; nobody opens anything meanwhile. */
export async function readSpent(
  staff: readonly Staff[],
  endpoints: Endpoints,
): Promise<SaidBudget[]> {
  const said: SaidBudget[] = [];
  for (const { profile, member } of staff) {
    const opened = openProfile(profile, { mayMake: false });
    try {
      const { context } = await finishDevice(opened.world, { password: PASSWORD, endpoints });
      const from = seconds();
      const classes = await readBudget(context);
      said.push({ member, from, to: seconds(), classes });
    } finally {
      opened.close();
    }
  }
  return said;
}
