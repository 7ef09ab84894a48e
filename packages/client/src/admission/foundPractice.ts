import type { Role } from "@sinetti/core";
import { Client } from "../client.ts";
import {
  createPractice,
  finishPractice,
  takePapers,
  type FoundingPapers,
} from "../createPractice.ts";
import { ClientError } from "../errors.ts";
import { createDirectory, openDirectory } from "../records/directory.ts";
import { openRoster } from "../records/roster.ts";
import type { Endpoints } from "../services.ts";
import type { World } from "../world.ts";

/** What a practice is founded with. */
export interface Founding {
  readonly name: string;
  readonly member: string;
  readonly roles: readonly Role[];
  readonly site: string;
}

/** Founds a practice with its directory and, for a therapist, a caseload; finishes one that was cut short. */
export async function found(
  world: World,
  founding: Founding,
  ask: {
    endpoints: Endpoints;
    password: string;
    readCode: () => string;
    /** Puts the papers down before they are struck here. */
    keep?: (client: Client, papers: FoundingPapers) => Promise<void>;
  },
): Promise<{ client: Client; papers: FoundingPapers }> {
  const { endpoints, password } = ask;
  const isBegun = (await world.storage.list("")).length > 0;
  let client: Client;
  let papers: FoundingPapers;
  if (isBegun) {
    client = await Client.unlock(world, { password, endpoints });
    papers = await finishPractice(client);
  } else {
    const roles = founding.roles;
    const wish = { endpoints, password, roles, installationCode: ask.readCode() };
    ({ client, papers } = await createPractice(world, wish));
  }
  await client.resume();
  const { context, member } = client;
  if (!(await hasDirectory(client)))
    await createDirectory(context, {
      name: founding.name,
      founder: { id: member, name: founding.member, roles: [...founding.roles] },
      site: founding.site,
    });
  if (founding.roles.includes("therapist")) await openRoster(context, true);
  await ask.keep?.(client, papers);
  await takePapers(client);
  return { client, papers };
}

async function hasDirectory({ context }: Client): Promise<boolean> {
  try {
    return (await openDirectory(context)).values.size > 0;
  } catch (error) {
    if (error instanceof ClientError && error.code === "not-ready") return false;
    throw error;
  }
}
