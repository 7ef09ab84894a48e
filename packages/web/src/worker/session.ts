import {
  Client as UnlockedClient,
  ClientError,
  acceptInvitation,
  findEndpoints,
  finishDevice,
  found,
  knownDirectory,
  memberName,
  readAccepted,
  reconcile,
  recoverDevice,
  requestDevice,
  type Client,
  type Endpoints,
  type FoundingPapers,
  type PasskeyPrf,
  type RequestedDevice,
} from "@sinetti/client";
import { parseId, type MemberId, type PracticeId, type Role } from "@sinetti/core";

import { findingWorld, openBrowserDevice, type BrowserDevice } from "./browserWorld.ts";
import { DeskError } from "./deskFault.ts";
import { forgetDevice, listDevice, listDevices, type ListedDevice } from "./deviceList.ts";
import { listenForTopics, type Listener } from "./listening.ts";
import { holdDevice } from "./oneTab.ts";

/** Who works here, for the frame around every screen. */
export interface Me {
  readonly member: string;
  readonly device: string;
  readonly name: string;
  readonly practice: string;
  readonly practiceName: string;
  readonly roles: readonly Role[];
  readonly isFrozen: boolean;
}

/** What a session found when it began; each is said once. */
export interface Beginning {
  /** Changes that still wait on this device. */
  readonly waiting: number;
  /** Changes that were refused for good, as codes. */
  readonly refused: readonly string[];
  /** Stops that a service obeyed and that stood in no chain. */
  readonly strays: readonly string[];
  /** Services that a restore brought back and that stand still. */
  readonly restored: readonly string[];
  /** Releases in the gate's log that this device never asked for. */
  readonly unknownReleases: number;
}

export interface FoundingWish {
  readonly name: string;
  readonly member: string;
  readonly roles: readonly Role[];
  readonly site: string;
  readonly code: string;
  readonly password: string;
}

/** What somebody new has in hand who answered a slip. */
export interface AnsweredSlip {
  readonly practice: string;
  readonly practiceName: string;
  /** As the slip names them. */
  readonly name: string;
  readonly roles: readonly Role[];
  /** The recovery kit, shown until the practice has confirmed. */
  readonly kit: string | null;
  /** To be compared with what the administrator sees. */
  readonly words: string | null;
}

/** The keys of this browser: locked, or one unlocked client. */
export class Session {
  #device: BrowserDevice | null = null;
  #client: Client | null = null;
  #release: (() => void) | null = null;
  #listening: AbortController | null = null;
  readonly #server: string;

  constructor(server: string) {
    this.#server = server;
  }

  /** The unlocked client. Error: `locked`. */
  get client(): Client {
    if (this.#client === null) throw new DeskError({ code: "locked" });
    return this.#client;
  }

  get isUnlocked(): boolean {
    return this.#client !== null;
  }

  /** The devices in this browser. */
  list(): Promise<ListedDevice[]> {
    return listDevices();
  }

  /**
   * Founds a practice with its first member on a new device of this browser; begins again where an earlier try was cut off. The
   * papers are struck here only after `show` has ended: until then every try gives them again.
   */
  async found(
    wish: FoundingWish,
    show: (papers: FoundingPapers & { readonly member: string }) => Promise<void>,
  ): Promise<void> {
    const { code, password, ...founding } = wish;
    const endpoints = await this.#endpoints();
    const begun = (await listDevices()).find(({ label }) => label === "founding");
    const id = begun?.id ?? crypto.randomUUID();
    const listed = { id, madeAt: new Date().toISOString(), isWaiting: false, passkey: null };
    await listDevice({ ...listed, label: "founding" });
    const { world } = await this.#open(id);
    try {
      const made = await found(world, founding, {
        endpoints,
        password,
        readCode: () => code,
        keep: ({ member }, papers) => show({ ...papers, member }),
      });
      this.#client = made.client;
      await listDevice({ ...listed, label: "" });
    } catch (error) {
      await this.lock();
      if ((await listDevices()).some((each) => each.id === id) && (await isEmpty(id)))
        await forgetDevice(id);
      throw error;
    }
  }

  /** Makes a device that waits to be let in; `code` is what another device reads. */
  async request(wish: {
    password: string;
    isNewPerson: boolean;
    label: string;
  }): Promise<RequestedDevice & { id: string }> {
    const endpoints = await this.#endpoints();
    const id = crypto.randomUUID();
    const { world } = await this.#open(id);
    try {
      const requested = await requestDevice(world, { endpoints, ...wish });
      const madeAt = new Date().toISOString();
      await listDevice({ id, label: wish.label, madeAt, isWaiting: true, passkey: null });
      return { ...requested, id };
    } finally {
      await this.lock();
    }
  }

  /**
   * Makes the keys of somebody new in this browser and answers their slip. Errors: `refused` with `slip-unknown`, `slip-used`,
   * `slip-over` or, for what is no slip, `slip-typed`.
   */
  async accept(wish: { slip: string; password: string; label: string }): Promise<AnsweredSlip> {
    const endpoints = await this.#endpoints();
    const id = crypto.randomUUID();
    const { world } = await this.#open(id);
    try {
      const { slip, password, label } = wish;
      const { offer, kit, words } = await acceptInvitation(world, { endpoints, slip, password });
      const madeAt = new Date().toISOString();
      await listDevice({ id, label, madeAt, isWaiting: true, passkey: null });
      const { practice, practiceName, name, roles } = offer;
      return { practice, practiceName, name, roles, kit, words };
    } catch (error) {
      await this.lock();
      await forgetDevice(id);
      throw error;
    } finally {
      await this.lock();
    }
  }

  /** The words of a device that answered a slip and still waits; null: it did not, or waits no more. Error: `wrong-password`. */
  async wordsOf(id: string, password: string): Promise<string | null> {
    const { world } = await this.#open(id);
    try {
      return (await readAccepted(world, password)).words;
    } finally {
      await this.lock();
    }
  }

  /** Brings a member back by the kit on paper, on a new device. Error: `not-ready` while it waits for a colleague or its 24 hours. */
  async recover(wish: {
    practice: string;
    member: string;
    kit: string;
    password: string;
  }): Promise<Beginning> {
    const endpoints = await this.#endpoints();
    const id = crypto.randomUUID();
    const { world } = await this.#open(id);
    const listed = { id, label: "", madeAt: new Date().toISOString(), passkey: null };
    try {
      const { kit, password } = wish;
      const practice = parseId<PracticeId>(wish.practice);
      const member = parseId<MemberId>(wish.member);
      this.#client = await recoverDevice(world, { endpoints, password, kit, practice, member });
      await listDevice({ ...listed, isWaiting: false });
      return await this.#begin();
    } catch (error) {
      const isKept = (await world.storage.list("")).length > 0;
      if (isKept) await listDevice({ ...listed, isWaiting: true });
      await this.lock();
      if (!isKept) await forgetDevice(id);
      throw error;
    }
  }

  /** Unlocks a device with one of its passkeys, which the page asks for. Errors: `wrong-passkey`, `unreachable`. */
  async unlockWithPasskey(id: string, prf: PasskeyPrf): Promise<Beginning> {
    const endpoints = await this.#endpoints();
    const { world } = await this.#open(id);
    try {
      this.#client = await UnlockedClient.unlockWithPasskey(world, { prf, endpoints });
      return await this.#begin();
    } catch (error) {
      await this.lock();
      throw error;
    }
  }

  /** Unlocks a device, and takes up what an earlier session left. Errors: `wrong-password`, `not-ready`, `unreachable`. */
  async unlock(id: string, password: string): Promise<Beginning> {
    const endpoints = await this.#endpoints();
    const { world } = await this.#open(id);
    try {
      this.#client = await finishDevice(world, { password, endpoints });
      const device = (await listDevices()).find((each) => each.id === id);
      if (device?.isWaiting === true) await listDevice({ ...device, isWaiting: false });
      return await this.#begin();
    } catch (error) {
      await this.lock();
      throw error;
    }
  }

  async #begin(): Promise<Beginning> {
    const { waiting, refused, strays, restored } = await this.client.resume();
    return { waiting, refused, strays, restored, unknownReleases: await this.#reconcile() };
  }

  /** A gate that is down leaves the comparison for the next session. */
  async #reconcile(): Promise<number> {
    try {
      return (await reconcile(this.client.context)).unknown.length;
    } catch (error) {
      if (!(error instanceof ClientError) || error.code === "verification-failed") throw error;
      return 0;
    }
  }

  /** The id of the unlocked device in this browser's list. Error: `locked`. */
  get deviceId(): string {
    if (this.#device === null) throw new DeskError({ code: "locked" });
    return this.#device.id;
  }

  /** Who works here. */
  async me(): Promise<Me> {
    const { client } = this;
    const { practice, member, device } = client.context.device.owner;
    // A thaw is asked for inside: whoever is frozen must come in without a name.
    const directory = await knownDirectory(client);
    const held = directory?.values.get("practice");
    return {
      member,
      device,
      name: directory === null ? "" : (memberName(directory, member) ?? ""),
      practice,
      practiceName: held?.kind === "practice" ? held.name : "",
      roles: client.roles,
      isFrozen: client.isFrozen,
    };
  }

  /** Tells what has changed elsewhere, until the lock. */
  listen(listener: Listener): void {
    this.#listening?.abort();
    this.#listening = new AbortController();
    void listenForTopics(this.client, listener, this.#listening.signal);
  }

  /** Drops every key and all that was decrypted. */
  async lock(): Promise<void> {
    this.#listening?.abort();
    this.#listening = null;
    this.#client?.lock();
    this.#client = null;
    this.#device?.close();
    this.#device = null;
    this.#release?.();
    this.#release = null;
  }

  /** Removes a device, and what this browser keeps of it. */
  async forget(id: string): Promise<void> {
    if (this.#device?.id === id) await this.lock();
    await forgetDevice(id);
  }

  async #open(id: string): Promise<BrowserDevice> {
    await this.lock();
    this.#release = await holdDevice(id);
    this.#device = await openBrowserDevice(id);
    return this.#device;
  }

  #endpoints(): Promise<Endpoints> {
    return findEndpoints(findingWorld, this.#server);
  }
}

async function isEmpty(id: string): Promise<boolean> {
  const device = await openBrowserDevice(id);
  try {
    return (await device.world.storage.list("")).length === 0;
  } finally {
    device.close();
  }
}
