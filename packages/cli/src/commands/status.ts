import { findEndpoints, heldRecoverySecret, type Client } from "@sinetti/client";
import {
  GATE_ROUTES,
  SERVICES,
  VAULT_ROUTES,
  activeStaff,
  practiceHead,
  recoveryAt,
  type Place,
  type ServiceName,
} from "@sinetti/core";
import type { Command } from "commander";

import { backupAges, backupLines } from "../backup/backupAges.ts";
import type { Printed } from "../output.ts";
import { postureSummary, summaryLines } from "../posture/postureSummary.ts";
import { isProfile } from "../profile/profile.ts";
import { programVersion } from "../programVersion.ts";
import { withClient } from "../session.ts";
import { defaultData, type Shell } from "../shell.ts";
import { addCommand } from "./command.ts";

/** `sinetti status`. */
export function addStatusCommand(program: Command): void {
  addCommand(program, {
    usage: "status",
    summary: "Say how the services, the practice and this device are",
    example: "sinetti status --json",
    run: (shell) => (isProfile(shell.profile) ? withClient(shell, status) : bareStatus(shell)),
  });
}

const versions = (): Record<string, string> => ({
  sinetti: programVersion(),
  node: process.versions.node,
});

/** Without a device there is only to say that the services answer. */
async function bareStatus({ server, profile }: Shell): Promise<Printed> {
  await findEndpoints({ fetch }, server);
  const backups = backupAges(defaultData(), new Date(Date.now()));
  const posture = postureSummary(defaultData(), new Date(Date.now()));
  const lines = [`${server} answers. There is no device in ${profile} yet.`];
  return {
    json: { versions: versions(), server, practice: null, backups, posture },
    text: [...lines, ...backupLines(backups), ...summaryLines(posture)].join("\n"),
  };
}

interface ServiceStatus {
  readonly practice: Place;
  readonly frozen: boolean;
  readonly week: number;
  readonly restore: string | null;
}

async function askService({ context }: Client, service: ServiceName): Promise<ServiceStatus> {
  const route = service === "gate" ? GATE_ROUTES.status : VAULT_ROUTES.status;
  return (await context.services.call(service, route, {})).answer;
}

const UNSPLIT =
  "the practice's recovery secret lies on this device alone: if it is lost, nobody brings the practice back. Split it: sinetti recovery split";

const counted = (count: number, noun: string): string =>
  `${count} ${noun}${count === 1 ? "" : "s"}`;

async function status(client: Client): Promise<Printed> {
  const { context, practice, member, roles, isFrozen } = client;
  const answers = await Promise.all(
    SERVICES.map(async (service) => [service, await askService(client, service)] as const),
  );
  const { answer: budget } = await context.services.call("gate", GATE_ROUTES.budgetRead, {});
  const head = practiceHead(practice);
  const waiting = (await context.outbox.left()).length;
  const backups = backupAges(defaultData(), new Date(Date.now()));
  const posture = postureSummary(defaultData(), new Date(Date.now()));
  const isUnsplit = heldRecoverySecret(context) !== null;
  const isEven = answers.every(([, answer]) => answer.practice.hash === head.hash);
  return {
    json: {
      versions: versions(),
      practice: practice.practice,
      member,
      device: context.device.owner.device,
      roles,
      head,
      services: Object.fromEntries(answers),
      frozen: isFrozen,
      outbox: { waiting },
      members: activeStaff(practice).length,
      budget: budget.classes,
      recovery: { version: recoveryAt(practice).version, here: isUnsplit },
      backups,
      posture,
    },
    text: [
      `practice ${practice.practice}, ${counted(activeStaff(practice).length, "member")}`,
      `you: ${member} (${roles.join(", ")})${isFrozen ? ", frozen" : ""}`,
      isEven ? `all services stand at ${head.seq}` : "the services stand at different places",
      ...budget.classes.map(
        ({ class: name, horizons }) =>
          `${name}: ${horizons.map(({ horizon, spent, limit }) => `${spent} of ${limit} (${horizon})`).join(", ")}`,
      ),
      `${counted(waiting, "change")} ${waiting === 1 ? "waits" : "wait"} on this device`,
      ...(isUnsplit ? [UNSPLIT] : []),
      ...backupLines(backups),
      ...summaryLines(posture),
    ].join("\n"),
  };
}
