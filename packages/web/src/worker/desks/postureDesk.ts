import {
  askForLook,
  readBorneFaults,
  readPosture,
  type BorneFaults,
  type Posture,
} from "@sinetti/client";

import type { Session } from "../session.ts";

const STEP_MS = 1000;
/** A look is under way within five seconds, and takes a few. */
const STEPS = 20;

const looksOf = ({ databases }: Posture): string =>
  JSON.stringify(databases.map(({ database, looked }) => [database, looked]));

/** What posture found of the databases: all of it for whoever looks after them, and for everybody what is borne. */
export const makePostureDesk = (session: Session) => ({
  borne: (): Promise<readonly BorneFaults[]> => readBorneFaults(session.client),
  all: (): Promise<Posture> => readPosture(session.client),
  /** Has the databases looked at now, and waits for it; gives whether that came about. */
  look: async (): Promise<boolean> => {
    const before = looksOf(await readPosture(session.client));
    if ((await askForLook(session.client)) === 0) return false;
    for (let step = 0; step < STEPS; step++) {
      await new Promise((resolve) => setTimeout(resolve, STEP_MS));
      if (looksOf(await readPosture(session.client)) !== before) return true;
    }
    return false;
  },
});
