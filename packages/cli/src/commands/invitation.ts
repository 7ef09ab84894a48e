import { resolve } from "node:path";

import {
  cancelInvitations,
  confirmAnswered,
  inviteStaff,
  listInvitations,
  openDirectory,
  sites,
  type Client,
  type Invitation,
  type InvitationRow,
} from "@sinetti/client";
import { LIMITS, type MemberId } from "@sinetti/core";
import type { Command } from "commander";

import { readStaffFile } from "../admission/staffFile.ts";
import { askYes } from "../askYes.ts";
import { InputError, UsageError } from "../inputError.ts";
import { readId } from "../input/values.ts";
import { table, type Printed } from "../output.ts";
import { refuseExisting, writePaper } from "../paperFile.ts";
import { withClient } from "../session.ts";
import type { Shell } from "../shell.ts";
import { addCommand, type Words } from "./command.ts";

const DAY_SECONDS = 86_400;
const DEFAULT_DAYS = 14;

/** `sinetti member invite` and `confirm`. */
export function addInvitationCommands(group: Command): void {
  addCommand(group, {
    usage: "invite",
    summary: "Invite many people: a one-time slip for each, printed and handed over",
    options: [
      ["--csv <file>", "name, roles (therapist;office), site; a header in English or Finnish"],
      ["--out <file>", "the slips, .pdf or .md, readable by you alone"],
      ["--days <days>", `how long the slips are good (${DEFAULT_DAYS})`],
      ["--language <language>", "en or fi"],
      ["--list", "the invitations that are open"],
      ["--cancel <id>", "take an invitation back"],
    ],
    example: "sinetti member invite --csv staff.csv --out slips.pdf",
    run: invite,
  });
  addCommand(group, {
    usage: "confirm [member...]",
    summary:
      "Make members of those who have answered, after comparing the words; without arguments, list them",
    options: [
      ["--all", "everybody who has answered"],
      ["--yes", "the words were compared with each of them"],
    ],
    example: "sinetti member confirm 4f1c9a0e2b7d43d8a1e6c5b09f3d7e21 --yes",
    run: confirm,
  });
}

async function invite(shell: Shell, words: Words): Promise<Printed> {
  const cancelled = words.text("cancel");
  if (words.flag("list")) return withClient(shell, list);
  if (cancelled !== undefined) {
    const member = readId<MemberId>(cancelled, "--cancel");
    return withClient(shell, async ({ context }) => {
      await cancelInvitations(context, [member]);
      return {
        json: { member, cancelled: true },
        text: "Taken back; the slip is good for nothing.",
      };
    });
  }
  const [csv, out] = [words.text("csv"), words.text("out")];
  if (csv === undefined || out === undefined)
    throw new UsageError("Give --csv and --out, or --list, or --cancel");
  const options = { csv, out: resolve(out), days: readDays(words), language: readLanguage(words) };
  if (!/\.(?:pdf|md)$/.test(out)) throw new UsageError("--out: a name that ends in .pdf or .md");
  refuseExisting([options.out]);
  return withClient(shell, (client) => printSlips(shell, client, options));
}

function readDays(words: Words): number {
  const days = Number(words.text("days") ?? DEFAULT_DAYS);
  const most = LIMITS.invitationSeconds / DAY_SECONDS - 1;
  if (!Number.isInteger(days) || days < 1 || days > most)
    throw new UsageError(`--days: from 1 to ${most}`);
  return days;
}

function readLanguage(words: Words): "en" | "fi" {
  const language = words.text("language") ?? "en";
  if (language !== "en" && language !== "fi") throw new UsageError("--language: en or fi");
  return language;
}

interface InviteOptions {
  readonly csv: string;
  readonly out: string;
  readonly days: number;
  readonly language: "en" | "fi";
}

async function printSlips(
  shell: Shell,
  client: Client,
  { csv, out, days, language }: InviteOptions,
): Promise<Printed> {
  const invitees = readStaffFile(csv, sites(await openDirectory(client.context)));
  const made = await inviteStaff(client, invitees, { days, language, server: shell.server });
  if (!made.ok) {
    const fields = made.others.map(
      ({ field, member }) => `${field} (invitation ${member} says otherwise)`,
    );
    throw new InputError(csv, "open invitations say otherwise; take them back first", { fields });
  }
  const { invitations, already, paper } = made;
  await writePaper(out, paper);
  return {
    json: {
      invited: invitations.length,
      already: already.length,
      file: out,
      invitations: invitations.map(shown),
    },
    text: [
      `${invitations.length} slips in ${out}. Print them, hand each to its person, and delete the file.`,
      ...(already.length > 0 ? [`${already.length} are members already and got none.`] : []),
      "When people have answered: sinetti member confirm",
    ].join("\n"),
  };
}

/** Without the slip: what is printed on a screen is kept in too many places. */
function shown({ member, name, roles, until }: Invitation): Record<string, unknown> {
  return { member, name, roles, until: new Date(until * 1000).toISOString() };
}

async function list({ context }: Client): Promise<Printed> {
  const rows = (await listInvitations(context)).map(rowOf);
  return { json: rows, text: rowTable(rows) };
}

function rowOf(row: InvitationRow) {
  const { member, name, roles, until, state } = row;
  const words = row.state === "answered" ? row.words : null;
  return { member, name, roles, state, words, until: new Date(until * 1000).toISOString() };
}

function rowTable(rows: readonly ReturnType<typeof rowOf>[]): string {
  return table(
    rows.map(({ member, name, roles, state, words }) => [
      member,
      name,
      roles.join(","),
      words ?? state,
    ]),
  );
}

async function confirm(shell: Shell, words: Words): Promise<Printed> {
  const ids = words.args.map((text) => readId<MemberId>(text, "member"));
  const isAll = words.flag("all");
  if (isAll && ids.length > 0) throw new UsageError("Give --all or members, not both");
  return withClient(shell, async (client) => {
    const answered = (await listInvitations(client.context)).filter(
      ({ state }) => state === "answered",
    );
    const rows = answered.map(rowOf);
    if (!isAll && ids.length === 0) return { json: rows, text: rowTable(rows) };
    const chosen = isAll ? answered.map(({ member }) => member) : ids;
    shell.output.log(rowTable(rows.filter(({ member }) => chosen.includes(member))));
    const question =
      "Did each of them tell you these words, in person or by a phone number that you knew?";
    if (!(await askYes(question, { isGiven: words.flag("yes") })))
      return { json: { confirmed: [] }, text: "Nobody was made a member." };
    const confirmed = await confirmAnswered(client, chosen);
    const pending = confirmed.filter((each) => each.pending !== null).length;
    return {
      json: {
        confirmed: confirmed.map(({ pending: order, ...each }) =>
          order === null ? each : { ...each, pending: order },
        ),
      },
      text: [
        `${confirmed.length - pending} are members now.`,
        ...(pending > 0
          ? [
              `${pending} wait for a second person, who runs: sinetti approve --all --kind member.add`,
            ]
          : []),
      ].join("\n"),
    };
  });
}
