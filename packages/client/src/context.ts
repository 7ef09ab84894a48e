import type { Device } from "./device.ts";
import type { FileBook } from "./fileBook.ts";
import type { Keyring } from "./keyring.ts";
import type { Outbox } from "./outbox.ts";
import type { PracticeView } from "./practiceView.ts";
import type { Services } from "./services.ts";
import type { World } from "./world.ts";

/** The parts of an unlocked client, as each flow takes them. */
export interface Context {
  readonly world: World;
  readonly device: Device;
  readonly services: Services;
  readonly practice: PracticeView;
  readonly keyring: Keyring;
  readonly files: FileBook;
  readonly outbox: Outbox;
}
