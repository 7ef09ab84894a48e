import { randomBytes } from "node:crypto";
import { resolve } from "node:path";
import { join } from "node:path";

import { findEndpoints } from "@sinetti/client";
import { initSuite } from "@sinetti/core";
import {
  CpuWatch,
  INVENTED_PASSWORD,
  PeakWatch,
  costOfFill,
  fillPractice,
  fillRows,
} from "@sinetti/drill";
import type { Command } from "commander";

import { readInstallationCode } from "../admission/installationCode.ts";
import { CaseloadThreads } from "../drill/caseloadThreads.ts";
import { WISH_OPTIONS, readWish } from "../drill/wishOptions.ts";
import { table, type Printed } from "../output.ts";
import { httpFetch } from "../profile/httpFetch.ts";
import { isProfile, openProfile } from "../profile/profile.ts";
import type { Shell } from "../shell.ts";
import { makePrivateFolder } from "../start/privateFolder.ts";
import { addCommand, needed, type Words } from "./command.ts";

/** `sinetti drill fill`. */
export function addFillCommand(drill: Command): void {
  addCommand(drill, {
    usage: "fill",
    summary:
      "Found a practice of invented people on a fresh installation; cut off, the next run goes on",
    options: [
      ["--devices <dir>", "folder of the staff's devices", "required"],
      ["--data <dir>", "data folder of the installation, whose code is spent by the first run"],
      ...WISH_OPTIONS,
    ],
    example: "SINETTI_DATA=./data sinetti drill fill --devices ./staff --patients 33000",
    run,
  });
}

async function run(shell: Shell, words: Words): Promise<Printed> {
  const { wish, workers } = readWish(words);
  const devices = makePrivateFolder(resolve(needed(words, "devices")), undefined);
  const endpoints = await findEndpoints({ fetch: httpFetch }, shell.server);
  const data = words.text("data") ?? process.env["SINETTI_DATA"] ?? "";
  const isBegun = isProfile(join(devices, "founder"));
  await initSuite((length) => randomBytes(length));
  const threads = new CaseloadThreads(devices);
  const pids = () => new Map([["client", [process.pid]]]);
  const [memory, processor] = [new PeakWatch(pids), new CpuWatch(pids)];
  const filled = await shell.output.progress((onProgress) =>
    fillPractice({
      wish,
      workers,
      endpoints,
      installationCode: isBegun ? undefined : readInstallationCode(data),
      openDevice: (name) => openProfile(join(devices, name), { mayMake: true }),
      runTask: (task, hooks) => threads.run(task, hooks),
      onProgress,
      isStopped: () => shell.interrupt.isAsked,
    }),
  );
  const cost = costOfFill(filled, { peaks: memory.end(), cpu: processor.times });
  const { staff, patients, entries, attachments, drafts } = filled;
  return {
    json: { staff, patients, entries, attachments, drafts, seconds: cost.seconds, cost },
    text: `${patients} patients and ${entries} entries written for a staff of ${staff}. Devices: ${devices}, password: ${INVENTED_PASSWORD}\n${table(fillRows(cost))}`,
  };
}
