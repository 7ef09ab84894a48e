/** What a schedule needs of the world. */
export interface ScheduleWorld {
  now(): Date;
  /** Milliseconds that no setting of the clock changes. */
  monotonic(): number;
  sleep(ms: number): Promise<void>;
  isOver(): boolean;
}

/** A backup that is made again and again. */
export interface Schedule {
  readonly everyMs: number;
  /** When the newest one on the shelf was made, by the clock of then; null: there is none. */
  newest(): Date | null;
  backUp(): Promise<void>;
  failed(error: unknown): Promise<void>;
}

const LOOK_MS = 60_000;
/** After a failure: soon enough for a medium that was only unplugged. */
const RETRY_MS = 900_000;
const MINUTE_MS = 60_000;

interface Passed {
  /** Since the last one that this process made, by what no clock changes; null: none yet. */
  readonly sinceOwnMs: number | null;
  readonly newest: Date | null;
  readonly now: Date;
}

/**
 * Whether one is due. A clock that is put back cannot keep one away, since the time that this process runs counts too; one
 * that leaps ahead brings one too many. At the start a newest one from the future says nothing, so one is made.
 */
export function isDue(everyMs: number, { sinceOwnMs, newest, now }: Passed): boolean {
  if (sinceOwnMs !== null && sinceOwnMs >= everyMs) return true;
  if (newest === null) return true;
  const ageMs = now.getTime() - newest.getTime();
  if (ageMs >= everyMs) return true;
  return sinceOwnMs === null && ageMs < -MINUTE_MS;
}

/** Makes backups until it is over; one that fails is tried again, and nothing is removed for it. */
export async function runSchedule(schedule: Schedule, world: ScheduleWorld): Promise<void> {
  const { everyMs } = schedule;
  let madeAt: number | null = null;
  let failedAt: number | null = null;
  const look = async (): Promise<void> => {
    const at = world.monotonic();
    if (failedAt !== null && at - failedAt < Math.min(RETRY_MS, everyMs)) return;
    try {
      const sinceOwnMs = madeAt === null ? null : at - madeAt;
      if (!isDue(everyMs, { sinceOwnMs, newest: schedule.newest(), now: world.now() })) return;
      await schedule.backUp();
      madeAt = world.monotonic();
      failedAt = null;
    } catch (error) {
      failedAt = world.monotonic();
      await schedule.failed(error);
    }
  };
  while (!world.isOver()) {
    await look();
    if (!world.isOver()) await world.sleep(Math.min(LOOK_MS, everyMs));
  }
}
