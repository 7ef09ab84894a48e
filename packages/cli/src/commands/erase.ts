import { resolve } from "node:path";

import {
  approveErasure,
  cancelErasure,
  certificatePaper,
  certifyErasure,
  clearErasedLines,
  finishErasures,
  keptErasures,
  listErasures,
  proposeErasure,
  type Client,
  type FinishedErasure,
} from "@sinetti/client";
import { ERASE_REASONS, type EraseReason } from "@sinetti/core";
import type { Command } from "commander";

import { UsageError } from "../inputError.ts";
import { table, type Printed } from "../output.ts";
import { refuseExisting, writePaper } from "../paperFile.ts";
import { withClient } from "../session.ts";
import type { Shell } from "../shell.ts";
import { addCommand, argument, needed, type Words } from "./command.ts";

const EXAMPLE = "0d9c1b7e5a3f48c2b6e1d4f70a92c853";
const REQUEST = "1f0a22b3-77c01d9e";

/** `sinetti erase`. */
export function addEraseCommands(program: Command): void {
  const group = program
    .command("erase")
    .description("Erase a patient's records, by two people; it cannot be undone");
  addCommand(group, {
    usage: "propose <patient>",
    summary: "Ask to erase every record of a patient; another person approves by the number shown",
    options: [["--reason <reason>", ERASE_REASONS.join(", "), "required"]],
    example: `sinetti erase propose ${EXAMPLE} --reason retention`,
    run: propose,
  });
  addCommand(group, {
    usage: "list",
    summary: "List the erasures that wait, and those that this device has proposed",
    example: "sinetti erase list",
    run: (shell) => withClient(shell, list),
  });
  addCommand(group, {
    usage: "approve <request>",
    summary: "Approve an erasure as a second person; the records are erased at once",
    example: `sinetti erase approve ${REQUEST}`,
    run: approve,
  });
  addCommand(group, {
    usage: "cancel <request>",
    summary: "Take an erasure back before a second person has approved it",
    example: `sinetti erase cancel ${REQUEST}`,
    run: cancel,
  });
  addCommand(group, {
    usage: "finish [request]",
    summary: "Erase what was approved or has waited its day, clear up, and write the certificate",
    options: [
      ["--certificate <file>", "where the certificate goes: a name in .pdf, else text"],
      ["--language <language>", "of the certificate: en or fi"],
    ],
    example: `sinetti erase finish ${REQUEST} --certificate erased.pdf`,
    run: finish,
  });
}

function readReason(text: string): EraseReason {
  const found = ERASE_REASONS.find((reason) => reason === text);
  if (found === undefined) throw new UsageError(`--reason: one of ${ERASE_REASONS.join(", ")}`);
  return found;
}

async function propose(shell: Shell, words: Words): Promise<Printed> {
  const reason = readReason(needed(words, "reason"));
  return withClient(shell, async (client) => {
    const { erasure, dueAt, others } = await proposeErasure(client, argument(words, 0), reason);
    const { request, files } = erasure;
    const next =
      dueAt === null
        ? `Another person approves it: sinetti erase approve ${request}`
        : `It can be finished from ${new Date(dueAt * 1000).toISOString()} on: sinetti erase finish ${request}`;
    const left = others.length === 0 ? "" : `\n${others.length} records are not yours to erase.`;
    return {
      json: { request, files: files.map(({ file }) => file), dueAt, others },
      text: `${files.length} records wait to be erased. Nothing is erased yet. ${next}${left}`,
    };
  });
}

async function list(client: Client): Promise<Printed> {
  await clearErasedLines(client);
  const waiting = await listErasures(client);
  const own = await keptErasures(client.context);
  const rows = waiting.map(({ request, compartment, reason, by, approvals, dueAt, file }) => [
    request,
    compartment,
    reason,
    `by ${by ?? "a key"}`,
    `${approvals} approvals`,
    dueAt === null ? "" : `from ${new Date(dueAt * 1000).toISOString()}`,
    `record ${file}`,
  ]);
  const ownRows = own.map(({ request, patient, finished, files }) => [
    request,
    finished === null ? (patient?.name ?? "") : `finished ${finished}`,
    `${files.length} records`,
  ]);
  const proposed = own.map(({ request, finished, reason, files }) => ({
    request,
    finished,
    reason,
    files: files.map(({ file }) => file),
  }));
  return {
    json: { waiting, proposed },
    text: [table(rows), table(ownRows)].filter((part) => part !== "").join("\n\n"),
  };
}

async function approve(shell: Shell, words: Words): Promise<Printed> {
  return withClient(shell, async (client) => {
    const erased = await approveErasure(client, argument(words, 0));
    return {
      json: { request: argument(words, 0), erased },
      text: `${erased.length} records are erased. Whoever proposed it writes the certificate: sinetti erase finish`,
    };
  });
}

async function cancel(shell: Shell, words: Words): Promise<Printed> {
  return withClient(shell, async (client) => {
    const kept = await cancelErasure(client, argument(words, 0));
    return {
      json: { request: argument(words, 0), kept },
      text: `${kept.length} records are kept; the erasure is taken back.`,
    };
  });
}

async function finish(shell: Shell, words: Words): Promise<Printed> {
  const [request = null] = words.args;
  const named = words.text("certificate");
  const path = named === undefined ? null : resolve(named);
  const language = words.text("language") ?? "en";
  if (language !== "en" && language !== "fi") throw new UsageError("--language: en or fi");
  if (path !== null && request === null)
    throw new UsageError("--certificate: name the erasure that it is for");
  if (path !== null) refuseExisting([path]);
  return withClient(shell, async (client) => {
    const finished = await finishErasures(client, request);
    const [only] = finished;
    const isReady = path !== null && only !== undefined && only.waiting.length === 0;
    if (isReady)
      await writePaper(
        path,
        certificatePaper(await certifyErasure(client, only.erasure), { language }),
      );
    return finishedText(finished, isReady ? path : null);
  });
}

function finishedText(finished: readonly FinishedErasure[], certificate: string | null): Printed {
  const rows = finished.map(({ erasure: { request, files }, waiting }) => [
    request,
    waiting.length === 0
      ? `${files.length} records are erased and cleared up behind`
      : `${waiting.length} of ${files.length} records still wait for a second person or their day`,
  ]);
  const json = finished.map(({ erasure: { request, files, finished: at }, waiting }) => ({
    request,
    files: files.length,
    waiting,
    finished: at,
  }));
  const written = certificate === null ? "" : `\nCertificate: ${certificate}`;
  return {
    json: { erasures: json, certificate },
    text: `${rows.length === 0 ? "This device has proposed none." : table(rows)}${written}`,
  };
}
