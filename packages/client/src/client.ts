import {
  liveDevice,
  liveFreezes,
  rolesAt,
  type OrderKind,
  type PracticeState,
  type Role,
  type ServiceName,
  type SignPublicKey,
} from "@sinetti/core";
import type { Context } from "./context.ts";
import { Device } from "./device.ts";
import type { PasskeyPrf } from "./deviceLocks.ts";
import { ClientError } from "./errors.ts";
import { checkOwnKeys } from "./ownKeys.ts";
import { FileBook } from "./fileBook.ts";
import { flushOutbox, type Flushed } from "./flush.ts";
import { Keyring } from "./keyring.ts";
import { finishMemberRekey } from "./memberRekey.ts";
import { Outbox } from "./outbox.ts";
import { PracticeView } from "./practiceView.ts";
import { seatColleagues } from "./seatColleagues.ts";
import { returnRecords } from "./returnRecords.ts";
import { adoptRotation } from "./recoverySecret.ts";
import { Services, readServiceKeys, type Caller, type Endpoints } from "./services.ts";
import { dropSentWraps } from "./sentWraps.ts";
import { signRequest } from "@sinetti/core/secret";
import { readStrays, sequenceStrays } from "./strayStops.ts";
import { rekeyOwnTeams } from "./teams.ts";
import type { World } from "./world.ts";

/** What a session began with. */
export interface Resumed extends Flushed {
  /** Stops that somebody had given to one service alone, and that stand in their chains now. */
  readonly strays: readonly OrderKind[];
  /** Services that a restore brought back and that two of the staff have still to resume. */
  readonly restored: readonly ServiceName[];
  /** Appends that this device gave back to restored vaults. */
  readonly returned: number;
}

/** An unlocked client: its parts, the practice as verified, and what an earlier run left to be done. */
export class Client {
  readonly context: Context;

  private constructor(context: Context) {
    this.context = context;
  }

  /** Joins the parts of an unlocked device; `serviceKeys` for as long as the chain is not known, `caller` while a key of paper speaks for it. */
  static async join(
    world: World,
    device: Device,
    {
      endpoints,
      serviceKeys,
      caller,
    }: {
      endpoints: Endpoints;
      serviceKeys: Record<ServiceName, SignPublicKey> | null;
      caller?: Caller;
    },
  ): Promise<Client> {
    const practice = await PracticeView.load(device);
    const keys = (): Record<ServiceName, SignPublicKey> => {
      if (practice.isKnown) return practice.state.services;
      if (serviceKeys === null) throw new ClientError("not-ready");
      return serviceKeys;
    };
    const { practice: id, device: deviceId } = device.owner;
    const asDevice: Caller = {
      practice: id,
      author: { by: "device", id: deviceId },
      sign: async (base: Uint8Array) =>
        world.requestKey?.sign(base) ?? signRequest(device.request, base),
    };
    const services = new Services(world, { endpoints, keys, caller: caller ?? asDevice });
    const keyring = new Keyring(device, () => practice.state);
    return new Client({
      world,
      device,
      services,
      practice,
      keyring,
      files: new FileBook(device, world.clock),
      outbox: new Outbox(device),
    });
  }

  /** Unlocks the device of this storage. Errors: `no-profile`, `wrong-password`. */
  static async unlock(
    world: World,
    { password, endpoints }: { password: string; endpoints: Endpoints },
  ): Promise<Client> {
    return Client.of(world, await Device.unlock(world, password), endpoints);
  }

  /** Unlocks the device of this storage with one of its passkeys. Errors: `no-profile`, `wrong-passkey`. */
  static async unlockWithPasskey(
    world: World,
    { prf, endpoints }: { prf: PasskeyPrf; endpoints: Endpoints },
  ): Promise<Client> {
    return Client.of(world, await Device.unlockWithPasskey(world, prf), endpoints);
  }

  /** The client of a device that is unlocked already. */
  static async of(world: World, device: Device, endpoints: Endpoints): Promise<Client> {
    const practice = await PracticeView.load(device);
    const serviceKeys = practice.isKnown ? null : await readServiceKeys(world, endpoints);
    const client = await Client.join(world, device, { endpoints, serviceKeys });
    const isLive = practice.isKnown && liveDevice(practice.state, device.owner.device) !== null;
    if (isLive) checkOwnKeys(client.context);
    return client;
  }

  /** Verifies what is new in the practice chain, finishes what an earlier run left behind, puts stray stops into their chains, and seats new office colleagues. */
  async resume(): Promise<Resumed> {
    const { context } = this;
    if (!context.practice.isKnown) {
      const nothing = { strays: [], restored: [], returned: 0 };
      return { ...(await flushOutbox(context)), ...nothing };
    }
    const [{ stops, restored }] = await Promise.all([
      readStrays(context),
      context.practice.sync(context.services),
    ]);
    let returned = 0;
    for (const vault of ["who", "what"] as const)
      if (restored.includes(vault)) returned += (await returnRecords(context, vault)).appends;
    await dropSentWraps(context);
    const flushed = await flushOutbox(context);
    await this.#finishKeys();
    const strays = await sequenceStrays(context, stops);
    await seatColleagues(context);
    await rekeyOwnTeams(context);
    return { ...flushed, strays, restored, returned };
  }

  /** Takes up a key or secret whose replacement was cut off; a service that is down leaves it for the next session. */
  async #finishKeys(): Promise<void> {
    try {
      await finishMemberRekey(this.context);
      await adoptRotation(this.context);
    } catch (error) {
      if (!(error instanceof ClientError && error.code === "unreachable")) throw error;
    }
  }

  /** The practice as verified. */
  get practice(): PracticeState {
    return this.context.practice.state;
  }

  /** The member whose device this is. */
  get member(): Context["device"]["owner"]["member"] {
    return this.context.device.owner.member;
  }

  /** The roles of this member now. */
  get roles(): readonly Role[] {
    return rolesAt(this.practice, this.member);
  }

  /** Whether this member or the practice is frozen on the chain as known here. */
  get isFrozen(): boolean {
    return liveFreezes(this.practice, this.member).length > 0;
  }

  /** Drops every key in memory: lock, freeze, sign-out. */
  lock(): void {
    this.context.files.dropLeases();
    this.context.keyring.wipe();
  }
}
