import { kitPaper, memberName, openDirectory, ClientError, type Client } from "@sinetti/client";
import type { MemberId } from "@sinetti/core";

import { writePaper } from "./paperFile.ts";

/** Names as the directory has them, where this member can open it. */
export async function readNames(
  { context }: Client,
  member: MemberId,
): Promise<{ practiceName: string | null; memberName: string | null }> {
  try {
    const directory = await openDirectory(context);
    const practice = [...directory.values.values()].find(({ kind }) => kind === "practice");
    const practiceName = practice?.kind === "practice" ? practice.name : null;
    return { practiceName, memberName: memberName(directory, member) };
  } catch (error) {
    if (!(error instanceof ClientError) || error.code === "verification-failed") throw error;
    return { practiceName: null, memberName: null };
  }
}

/** Writes the kit of a member as a page. */
export async function writeKitPage(
  client: Client,
  { path, kit, member, server }: { path: string; kit: string; member: MemberId; server: string },
): Promise<void> {
  const { context, practice } = client;
  const made = new Date(context.world.clock.now() * 1000).toISOString();
  const names = await readNames(client, member);
  const page = { kit, practice: practice.practice, member, server, made, ...names };
  await writePaper(path, kitPaper(page));
}
