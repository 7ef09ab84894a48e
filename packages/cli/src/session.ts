import {
  ClientError,
  finishDevice,
  findEndpoints,
  listIntruding,
  readKit,
  reconcile,
  type Client,
  type Endpoints,
  type IntrudingOrder,
} from "@sinetti/client";

import { finishAdmissions } from "./admission/finishAdmissions.ts";
import { UsageError } from "./inputError.ts";
import type { Output } from "./output.ts";
import { readPassword } from "./password.ts";
import { openProfile } from "./profile/profile.ts";
import type { Shell } from "./shell.ts";

const RECONCILED = "cli/reconciled";
const DAY_SECONDS = 86_400;

/** Unlocks the profile, finishes what earlier runs left, looks once a day for releases that nobody asked for, and works. */
export async function withClient<T>(
  shell: Shell,
  work: (client: Client) => Promise<T>,
): Promise<T> {
  const profile = openProfile(shell.profile, { mayMake: false });
  try {
    const endpoints = await findEndpoints(profile.world, shell.server);
    const password = await readPassword({
      prompt: "Password",
      variables: ["SINETTI_PASSWORD"],
      isNew: false,
    });
    const client = await finishDevice(profile.world, { password, endpoints });
    try {
      await catchUp(client, shell.output);
      return await work(client);
    } finally {
      client.lock();
    }
  } finally {
    profile.close();
  }
}

async function catchUp(client: Client, output: Output): Promise<void> {
  const { waiting, refused, strays, restored, returned } = await client.resume();
  if (waiting > 0)
    output.log(`${waiting} earlier changes still wait on this device: a service does not answer.`);
  for (const detail of refused)
    output.alarm(`A change that an earlier command kept was refused for good (${detail}).`);
  if (strays.length > 0)
    output.alarm(
      `A service obeyed orders that stood in no chain (${strays.join(", ")}); they stand there now. ` +
        "See who gave them; a freeze can be thawed (sinetti thaw).",
    );
  if (restored.length > 0)
    output.log(
      `Brought back from a backup, and still until two of the staff resume it: ${restored.join(", ")} (sinetti resume).` +
        (returned > 0 ? ` ${returned} appends came back from this device.` : ""),
    );
  for (const each of await listIntruding(client.context)) output.alarm(intrusionText(each));
  if ((await readKit(client.context)) !== null)
    output.log("Your recovery kit is not on paper yet: sinetti member kit --kit-out kit.pdf");
  // It opens and writes; what is still would keep the member from resuming it.
  if (restored.length === 0) await finishAdmissions(client, output);
  await reconcileDaily(client, output);
}

function intrusionText({ kind, by, order, dueAt }: IntrudingOrder): string {
  const from = dueAt === null ? "" : ` It acts from ${new Date(dueAt * 1000).toISOString()} on.`;
  if (kind === "recover")
    return (
      `The practice's trustees ask to bring in a new member who reads every record.${from} ` +
      `If you know nothing of it, two of the staff withdraw it: sinetti refuse ${order}`
    );
  const whose = by === "kit" ? "your recovery kit" : "an administrator";
  return (
    `A device that is not this one asks to be yours, by ${whose}.${from} ` +
    `If it is not you: sinetti refuse ${order}, then sinetti member kit --renew`
  );
}

async function reconcileDaily({ context }: Client, output: Output): Promise<void> {
  const cell = await context.device.read(RECONCILED);
  const now = context.world.clock.now();
  const last = cell === null ? 0 : Number(new TextDecoder().decode(cell));
  if (now - last < DAY_SECONDS) return;
  try {
    const { unknown, missing } = await reconcile(context);
    if (missing.length > 0)
      output.alarm(
        `The gate's log lacks ${missing.length} openings by this device that the gate signed for. ` +
          "If it was not restored from a backup, somebody has rewritten the log: tell your privacy officer.",
      );
    if (unknown.length > 0)
      output.alarm(
        `The gate's log names ${unknown.length} openings by this device that it never asked for. ` +
          "Freeze yourself (sinetti freeze) and tell your privacy officer.",
      );
  } catch (error) {
    if (!(error instanceof ClientError) || error.code === "verification-failed") throw error;
    output.log(`The gate's log could not be compared today. ${error.message}`);
    return;
  }
  await context.device.write([
    context.device.seal(RECONCILED, new TextEncoder().encode(String(Math.floor(now)))),
  ]);
}

/** A new device's folder with its password: made for `work`, emptied again when nothing came of it. */
export async function withNewProfile<T>(
  shell: Shell,
  { folder, variables }: { folder: string; variables: readonly string[] },
  work: (made: {
    world: ReturnType<typeof openProfile>["world"];
    endpoints: Endpoints;
    password: string;
  }) => Promise<T>,
): Promise<T> {
  if (folder === shell.profile)
    throw new UsageError("--new-profile is the folder of the device that you are using");
  const profile = openProfile(folder, { mayMake: true });
  const { world } = profile;
  try {
    if ((await world.storage.list("")).length > 0) throw new ClientError("profile-exists");
    const endpoints = await findEndpoints(world, shell.server);
    const password = await readPassword({
      prompt: "Password of the new profile",
      variables,
      isNew: true,
    });
    try {
      return await work({ world, endpoints, password });
    } catch (error) {
      const isForNothing = error instanceof ClientError && error.code === "refused";
      const names = isForNothing ? await world.storage.list("") : [];
      await world.storage.write(names.map((name) => ({ name, value: null })));
      throw error;
    }
  } finally {
    profile.close();
  }
}
