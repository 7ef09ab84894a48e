import { join } from "node:path";

import { finishDevice, type Client, type Endpoints } from "@sinetti/client";
import { INVENTED_PASSWORD } from "@sinetti/drill";

import { openProfile } from "../profile/profile.ts";

/** A demonstration: where its devices are, and where its services are. */
export interface Demo {
  readonly home: string;
  readonly endpoints: Endpoints;
}

/** Works as one of the staff, on their own device. */
export async function asMember<T>(
  { home, endpoints }: Demo,
  device: string,
  work: (client: Client) => Promise<T>,
): Promise<T> {
  const profile = openProfile(join(home, device), { mayMake: false });
  try {
    const client = await finishDevice(profile.world, { password: INVENTED_PASSWORD, endpoints });
    await client.resume();
    const did = await work(client);
    client.lock();
    return did;
  } finally {
    profile.close();
  }
}
