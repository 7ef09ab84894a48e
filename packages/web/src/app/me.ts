import { createContext, useContext } from "react";

import type { Beginning, Me } from "../worker/session.ts";

/** Who works here, what the session began with, and the way to the door. */
export interface Here {
  readonly me: Me;
  readonly beginning: Beginning;
  readonly lock: () => Promise<void>;
}

export const MeContext = createContext<Here | null>(null);

/** Who works here. */
export function useHere(): Here {
  const here = useContext(MeContext);
  if (here === null) throw new TypeError("nobody is inside");
  return here;
}
