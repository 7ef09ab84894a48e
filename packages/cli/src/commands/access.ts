import {
  grantOffice,
  grantPatient,
  listAccess,
  readAccessLog,
  revokePatient,
  type Client,
} from "@sinetti/client";
import type { MemberId } from "@sinetti/core";
import type { Command } from "commander";

import { UsageError } from "../inputError.ts";
import { readComingDay, readId, readRights } from "../input/values.ts";
import { table, type Printed } from "../output.ts";
import { withClient } from "../session.ts";
import type { Shell } from "../shell.ts";
import { addCommand, argument, needed, type Words } from "./command.ts";

const EXAMPLE = "0d9c1b7e5a3f48c2b6e1d4f70a92c853";
const EXAMPLE_MEMBER = "4f1c9a0e2b7d43d8a1e6c5b09f3d7e21";
const REASONS = ["care", "supervision", "handover"] as const;

/** `sinetti access`. */
export function addAccessCommands(program: Command): void {
  const group = program.command("access").description("Who may open a record, and who did");
  addCommand(group, {
    usage: "list <patient>",
    summary: "List who may open a patient's record, and until when",
    example: `sinetti access list ${EXAMPLE}`,
    run: (shell, words) => withClient(shell, (client) => list(client, argument(words, 0))),
  });
  addCommand(group, {
    usage: "grant <patient> <member>",
    summary:
      "Let a colleague open a record until a day, or the office (member: office) a patient's identity",
    options: [
      ["--rights <rights>", "read; or read,write; or read,write,grant; not needed for the office"],
      ["--until <date>", "YYYY-MM-DD, rounded up to a Monday; the policy's longest when left out"],
      ["--reason <reason>", `${REASONS.join(", ")}; care when left out`],
    ],
    example: `sinetti access grant ${EXAMPLE} ${EXAMPLE_MEMBER} --rights read --until 2027-01-15 --reason supervision`,
    run: grant,
  });
  addCommand(group, {
    usage: "revoke <patient> <member>",
    summary: "Stop a colleague's access; the gate and each record's own vault obey at once",
    example: `sinetti access revoke ${EXAMPLE} ${EXAMPLE_MEMBER}`,
    run: revoke,
  });
  addCommand(group, {
    usage: "log <patient>",
    summary: "Show who opened a patient's record, when and why, refusals too",
    example: `sinetti access log ${EXAMPLE}`,
    run: (shell, words) => withClient(shell, (client) => log(client, argument(words, 0))),
  });
}

async function list(client: Client, patient: string): Promise<Printed> {
  const rows = await listAccess(client, patient);
  const text = table(
    rows.map(({ compartment, name, subject, rights, until, reason }) => [
      compartment,
      name ?? subject,
      rights.join(","),
      until ?? "no end",
      reason,
    ]),
  );
  return { json: rows, text };
}

function readReason(text = "care"): (typeof REASONS)[number] {
  const found = REASONS.find((reason) => reason === text);
  if (found === undefined) throw new UsageError(`--reason: one of ${REASONS.join(", ")}`);
  return found;
}

async function grant(shell: Shell, words: Words): Promise<Printed> {
  if (argument(words, 1) === "office")
    return withClient(shell, (client) => shareWithOffice(client, argument(words, 0)));
  const until = words.text("until");
  const wish = {
    member: readId<MemberId>(argument(words, 1), "member"),
    rights: readRights(needed(words, "rights")),
    untilSeconds: until === undefined ? null : readComingDay(until),
    reason: readReason(words.text("reason")),
  };
  return withClient(shell, async (client) => {
    const files = await grantPatient(client, argument(words, 0), wish);
    return {
      json: { patient: argument(words, 0), member: wish.member, files },
      text: `${files.length} files are open to ${wish.member} now.`,
    };
  });
}

async function shareWithOffice(client: Client, patient: string): Promise<Printed> {
  const files = await grantOffice(client, patient);
  return {
    json: { patient, member: "office", files },
    text:
      files.length === 0 ? "The office has it already." : "The office can find this patient now.",
  };
}

async function revoke(shell: Shell, words: Words): Promise<Printed> {
  const member = readId<MemberId>(argument(words, 1), "member");
  return withClient(shell, async (client) => {
    const files = await revokePatient(client, argument(words, 0), member);
    return {
      json: { patient: argument(words, 0), member, files },
      text: `${files.length} files are closed to ${member} now.`,
    };
  });
}

async function log(client: Client, patient: string): Promise<Printed> {
  const rows = await readAccessLog(client, patient);
  const text = table(
    rows.map(({ at, name, member, purpose, outcome }) => [
      at,
      name ?? member ?? "",
      purpose ?? "",
      outcome ?? "",
    ]),
  );
  return { json: rows, text };
}
