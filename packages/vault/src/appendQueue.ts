import type { PracticeId } from "@sinetti/core";

import type { Call } from "./call.ts";
import type { PreparedAppend } from "./policy/appendCheck.ts";

/** The appends of one request, waiting for the commit that carries them. */
export interface AppendJob {
  readonly call: Call;
  readonly appends: readonly PreparedAppend[];
  /** After a restore a reader brings what others wrote: their signatures count, not who may write now. */
  readonly isReturned?: true;
}

/** Commits a group; answers for each job: undefined when it is written, or why not. */
export type CommitGroup = (jobs: readonly AppendJob[]) => Promise<(Error | undefined)[]>;

interface Waiting {
  readonly job: AppendJob;
  readonly settle: (error: Error | undefined) => void;
}

interface Lane {
  waiting: Waiting[];
  running: number;
}

const GROUP_JOBS = 64;
const GROUP_BYTES = 16 * 1024 * 1024;
/** One: whoever comes while it waits for its disk goes with the next, so that fewer commits carry more. */
const GROUPS_AT_ONCE = 1;

function bytesOf({ job }: Waiting): number {
  const boxes = job.appends.flatMap((append) => append.boxes);
  return boxes.reduce((sum, box) => sum + box.length, 0);
}

/** Takes the first that waits, and whoever else goes with it into one commit of bounded size. */
function takeGroup(waiting: Waiting[]): Waiting[] {
  let bytes = 0;
  const end = waiting.findIndex((each, index) => {
    bytes += bytesOf(each);
    return index === GROUP_JOBS || (index > 0 && bytes > GROUP_BYTES);
  });
  return waiting.splice(0, end === -1 ? waiting.length : end);
}

/** Puts the appends that wait for one practice into one transaction: one commit carries all who came meanwhile. */
export class AppendQueue {
  readonly #commit: CommitGroup;
  readonly #lanes = new Map<PracticeId, Lane>();

  constructor(commit: CommitGroup) {
    this.#commit = commit;
  }

  /** Resolves when the job is committed; rejects with the job's own refusal. */
  submit(job: AppendJob): Promise<void> {
    const lane = this.#lanes.get(job.call.practice) ?? { waiting: [], running: 0 };
    this.#lanes.set(job.call.practice, lane);
    return new Promise((resolve, reject) => {
      const settle = (error: Error | undefined): void =>
        error === undefined ? resolve() : reject(error);
      lane.waiting.push({ job, settle });
      if (lane.running < GROUPS_AT_ONCE) void this.#drain(job.call.practice, lane);
    });
  }

  async #drain(practice: PracticeId, lane: Lane): Promise<void> {
    lane.running++;
    while (lane.waiting.length > 0) await this.#commitNext(takeGroup(lane.waiting));
    lane.running--;
    if (lane.running === 0 && this.#lanes.get(practice) === lane) this.#lanes.delete(practice);
  }

  async #commitNext(group: readonly Waiting[]): Promise<void> {
    try {
      const outcomes = await this.#commit(group.map(({ job }) => job));
      for (const [index, { settle }] of group.entries()) settle(outcomes[index]);
    } catch (error) {
      for (const { settle } of group) settle(error as Error);
    }
  }
}
