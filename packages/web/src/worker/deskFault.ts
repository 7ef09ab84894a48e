import { transferHandlers, type TransferHandler } from "comlink";

/** What went wrong, in words of closed lists; never content, never a secret. */
export interface DeskFault {
  /** A code of the client, of core, of practice, or `locked`, `elsewhere`, `internal`. */
  readonly code: string;
  /** The problem code of a service, or the gate's word on a record; null: none. */
  readonly problem: string | null;
  /** Which service refused or is silent; null: none. */
  readonly service: string | null;
  /** Fields that were rejected. */
  readonly fields: readonly string[];
  /** A hard stop: the screen ends here. */
  readonly isHardStop: boolean;
}

/** A fault without particulars. */
export const internalFault: DeskFault = {
  code: "internal",
  problem: null,
  service: null,
  fields: [],
  isHardStop: false,
};

/** A fault of the worker as the screens get it. */
export class DeskError extends Error {
  override readonly name = "DeskError";
  readonly fault: DeskFault;
  constructor(fault: Partial<DeskFault> & Pick<DeskFault, "code">) {
    super(fault.code);
    this.fault = { ...internalFault, ...fault };
  }
}

/** Lets faults, and nothing else of an error, cross between worker and page. Both sides call it once. */
export function carryFaults(faultOf: (error: unknown) => DeskFault): void {
  const usual = transferHandlers.get("throw") as TransferHandler<{ value: unknown }, unknown>;
  const carried: TransferHandler<{ value: unknown }, DeskFault> = {
    canHandle: (value): value is { value: unknown } => usual.canHandle(value),
    serialize: ({ value }) => [faultOf(value), []],
    deserialize: (fault) => {
      throw new DeskError(fault);
    },
  };
  transferHandlers.set("throw", carried);
}
