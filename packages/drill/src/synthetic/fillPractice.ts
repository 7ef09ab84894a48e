import { performance } from "node:perf_hooks";

import { admitMembers, finishDevice, type Client, type Endpoints } from "@sinetti/client";

import {
  INVENTED_PASSWORD,
  addColleague,
  openFounder,
  seatOffice,
  type OpenDevice,
} from "./admitStaff.ts";
import { inventStaff, type Caseload, type PracticeWish, type StaffMember } from "./caseload.ts";
import { addEfforts } from "./effort.ts";
import { plantDirectory, writeBooks } from "./officeWork.ts";
import { nothingWritten, writeCaseload, type RunHooks, type Written } from "./writeCaseload.ts";

/** One therapist's work: what a worker is given. */
export interface CaseloadTask {
  readonly wish: PracticeWish;
  readonly caseload: Caseload;
  readonly endpoints: Endpoints;
}

/** What a practice is filled by. */
export interface FillOptions {
  readonly wish: PracticeWish;
  readonly endpoints: Endpoints;
  /** Undefined where a run before this one has founded the practice. */
  readonly installationCode: string | undefined;
  readonly openDevice: OpenDevice;
  /** Does a task in a thread of its own, or here: `runCaseload`. */
  readonly runTask: (task: CaseloadTask, hooks: RunHooks) => Promise<Written>;
  /** Tasks at once. */
  readonly workers: number;
  readonly onProgress: (done: number, total: number) => void;
  readonly isStopped: () => boolean;
}

/** What this run wrote; nothing of it when all was there. */
export interface Filled extends Written {
  readonly staff: number;
  /** Member ids of the therapists, in the order of their caseloads. */
  readonly authors: readonly string[];
  /** How long each part of it took. */
  readonly phases: Readonly<Record<"staffSeconds" | "recordsSeconds" | "booksSeconds", number>>;
}

/**
 * Fills a practice by the clients of its own staff: founder, receptionist, and therapists who each write their patients
 * on their own device. Cut anywhere, the next run with the same wish goes on; a whole one adds nothing.
 */
export async function fillPractice(options: FillOptions): Promise<Filled> {
  const { wish, openDevice, onProgress, isStopped } = options;
  const { founder, office, caseloads } = inventStaff(wish);
  const total = wish.patients;
  const sinceLast = stopwatch();
  const founderDevice = openDevice(founder.device);
  try {
    const admin = await openFounder(founderDevice, options, { wish, founder });
    const people = [office, ...caseloads.map(({ therapist }) => therapist)];
    const members = await addStaff(admin, people, options);
    const [receptionist, ...authors] = members;
    if (receptionist === undefined) throw new TypeError("a practice has a receptionist");
    await admitMembers(
      admin.context,
      people.map(({ name, roles }, index) => ({
        id: members[index] ?? "",
        name,
        roles: [...roles],
      })),
    );
    await seatOffice(admin, receptionist);
    const written = nothingWritten();
    written.entries += await plantDirectory(admin, wish);
    const staffSeconds = sinceLast();
    let done = 0;
    const onDone = (patients: number): void => onProgress((done += patients), total);
    onProgress(0, total);
    await runTasks(caseloads, options, { onDone, isStopped, written });
    const recordsSeconds = sinceLast();
    if (!isStopped())
      written.entries += await asOffice(options, office, (client) =>
        writeBooks(client, { wish, caseloads, authors }),
      );
    admin.lock();
    const phases = { staffSeconds, recordsSeconds, booksSeconds: sinceLast() };
    return { ...written, staff: people.length + 1, authors, phases };
  } finally {
    founderDevice.close();
  }
}

/** Tells the seconds since it was last asked. */
function stopwatch(): () => number {
  let last = performance.now();
  return () => {
    const before = last;
    last = performance.now();
    return (last - before) / 1000;
  };
}

async function addStaff(
  admin: Client,
  people: readonly StaffMember[],
  { endpoints, openDevice }: FillOptions,
): Promise<Client["member"][]> {
  const members: Client["member"][] = [];
  for (const person of people) {
    const device = openDevice(person.device);
    try {
      members.push(await addColleague(admin, device, { endpoints, person }));
    } finally {
      device.close();
    }
  }
  return members;
}

async function runTasks(
  caseloads: readonly Caseload[],
  { wish, endpoints, workers, runTask }: FillOptions,
  { onDone, isStopped, written }: RunHooks & { written: Written },
): Promise<void> {
  const waiting = [...caseloads];
  const work = async (): Promise<void> => {
    for (let caseload = waiting.shift(); caseload !== undefined; caseload = waiting.shift()) {
      if (isStopped()) return;
      const did = await runTask({ wish, caseload, endpoints }, { onDone, isStopped });
      for (const key of ["patients", "entries", "attachments", "drafts"] as const)
        written[key] += did[key];
      written.effort = addEfforts(written.effort, did.effort);
    }
  };
  await Promise.all(Array.from({ length: Math.min(workers, caseloads.length) }, work));
}

async function asOffice<T>(
  { endpoints, openDevice }: FillOptions,
  { device: name }: StaffMember,
  work: (client: Client) => Promise<T>,
): Promise<T> {
  const device = openDevice(name);
  try {
    const client = await finishDevice(device.world, { password: INVENTED_PASSWORD, endpoints });
    await client.resume();
    const did = await work(client);
    client.lock();
    return did;
  } finally {
    device.close();
  }
}

/** Does one therapist's work by the client of their device. */
export async function runCaseload(
  { wish, caseload, endpoints }: CaseloadTask,
  openDevice: OpenDevice,
  hooks: RunHooks,
): Promise<Written> {
  const device = openDevice(caseload.therapist.device);
  try {
    const client = await finishDevice(device.world, { password: INVENTED_PASSWORD, endpoints });
    await client.resume();
    const written = await writeCaseload(client, { wish, caseload }, hooks);
    client.lock();
    return written;
  } finally {
    device.close();
  }
}
