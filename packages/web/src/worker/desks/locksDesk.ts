import {
  heldRecoverySecret,
  kitPaper,
  listOwnDevices,
  memberName,
  mustWait,
  openDirectory,
  readKit,
  readTopUp,
  registerPasskeyAtGate,
  rekeyMember,
  removePasskeyAtGate,
  sharePaper,
  splitHeldSecret,
  strikeRecoverySecret,
  takeKit,
  endOwnDevice,
  type Device,
  type DeviceRow,
  type PasskeyPrf,
} from "@sinetti/client";
import { bytesToHex, hexToBytes, type DeviceId, type Passkey } from "@sinetti/core";
import type { Paper } from "@sinetti/paper";

import { listDevice, listDevices } from "../deviceList.ts";
import type { Session } from "../session.ts";

/** A passkey that opens this device. */
export interface PasskeyRow {
  /** Credential id, as hexadecimal digits. */
  readonly id: string;
  /** ISO instant from which on it also adds to the budget; null: it does not, or the gate does not answer. */
  readonly countsFrom: string | null;
}

/** The locks of this device and the papers of its member. */
export interface LocksView {
  readonly devices: readonly DeviceRow[];
  readonly passkeys: readonly PasskeyRow[];
  /** A kit that nobody has on paper yet. */
  readonly hasUnprintedKit: boolean;
  /** This device holds the practice's recovery secret, which trustees should hold in shares. */
  readonly holdsRecovery: boolean;
}

/** A file to be saved by its user. */
export interface PdfFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** The library that draws pages is large, and few sessions print. */
async function pdf(name: string, paper: Paper): Promise<PdfFile> {
  const { renderPdf } = await import("@sinetti/paper/pdf");
  return { name, bytes: await renderPdf(paper) };
}

/** The device's own locks, its member's kit, and the shares of the practice. */
export const makeLocksDesk = (session: Session) => {
  const device = (): Device => session.client.context.device;
  const names = async (): Promise<{ practiceName: string; name: string | null }> => {
    const { client } = session;
    const directory = await openDirectory(client.context);
    const practice = directory.values.get("practice");
    return {
      practiceName: practice?.kind === "practice" ? practice.name : "",
      name: memberName(directory, client.member),
    };
  };
  const relist = async (): Promise<void> => {
    const [passkey] = device().passkeys;
    const listed = (await listDevices()).find(({ id }) => id === session.deviceId);
    if (listed !== undefined)
      await listDevice({
        ...listed,
        passkey: passkey === undefined ? null : bytesToHex(passkey.credential),
      });
  };
  /** What would work tomorrow is not worth losing the view, or the lock that was made, for. */
  const unlessSilent = async <T>(asked: Promise<T>): Promise<T | null> => {
    try {
      return await asked;
    } catch (error) {
      if (mustWait(error)) return null;
      throw error;
    }
  };
  const passkeys = async (): Promise<PasskeyRow[]> => {
    const own = device().passkeys.map(({ credential }) => bytesToHex(credential));
    if (own.length === 0) return [];
    const atGate = await unlessSilent(readTopUp(session.client.context));
    const from = new Map(
      atGate?.passkeys.map(({ credential, countsFrom }) => [bytesToHex(credential), countsFrom]),
    );
    return own.map((id) => ({ id, countsFrom: from.get(id) ?? null }));
  };
  return {
    view: async (): Promise<LocksView> => {
      const { client } = session;
      return {
        devices: await listOwnDevices(client),
        passkeys: await passkeys(),
        hasUnprintedKit: (await readKit(client.context)) !== null,
        holdsRecovery: heldRecoverySecret(client.context) !== null,
      };
    },
    /** Puts another password in the place of the old one; gives how many passkeys have to be added again. */
    changePassword: async (from: string, to: string): Promise<number> => {
      const { removed } = await device().changePassword({ from, to });
      await relist();
      for (const { credential } of removed)
        await unlessSilent(removePasskeyAtGate(session.client.context, credential));
      return removed.length;
    },
    /** Lets a passkey open this device and, a day later, add to the member's budget. */
    addPasskey: async (
      password: string,
      { credential, passkey }: { credential: Uint8Array; passkey: Passkey | null },
      prf: PasskeyPrf,
    ): Promise<void> => {
      await device().addPasskey({ password, credential, prf });
      await relist();
      if (passkey !== null)
        await unlessSilent(registerPasskeyAtGate(session.client.context, passkey));
    },
    /** Takes a passkey away, at the gate first: where that does not answer, all stays as it was. */
    removePasskey: async (id: string): Promise<void> => {
      const credential = hexToBytes(id);
      await removePasskeyAtGate(session.client.context, credential);
      await device().removePasskey(credential);
      await relist();
    },
    endDevice: async (id: string): Promise<"done" | "pending"> =>
      (await endOwnDevice(session.client, id as DeviceId)).state,
    /** The kit as a page; a new one, which makes the old page void, when asked for or when none waits. */
    kit: async (server: string): Promise<PdfFile> => {
      const { client } = session;
      if ((await readKit(client.context)) === null) await rekeyMember(client.context);
      const kit = await readKit(client.context);
      if (kit === null) throw new TypeError("a new key brings a new kit");
      const { practiceName, name } = await names();
      const page = kitPaper({
        kit,
        practice: client.practice.practice,
        member: client.member,
        practiceName,
        memberName: name,
        server,
        made: new Date().toISOString(),
      });
      return pdf("sinetti-kit.pdf", page);
    },
    /** The member has their kit on paper: it is struck here. */
    kitTaken: (): Promise<void> => takeKit(session.client.context),
    /** The recovery secret in shares, a page each; it stays here until it is struck. */
    split: async (wish: {
      shares: number;
      threshold: number;
      server: string;
    }): Promise<PdfFile[]> => {
      const { context } = session.client;
      const { practiceName } = await names();
      const { shares: count, threshold, server } = wish;
      const shares = await splitHeldSecret(context, { threshold, count });
      const made = new Date().toISOString();
      const files: PdfFile[] = [];
      for (const share of shares) {
        const page = { share, trustee: null, practiceName, server, made };
        files.push(
          await pdf(
            `sinetti-share-${share.number}-of-${count}.pdf`,
            sharePaper(page, { isPrinted: true }),
          ),
        );
      }
      return files;
    },
    /** The shares are in the trustees' hands: the secret is struck from this device. */
    strike: (): Promise<void> => strikeRecoverySecret(session.client.context),
  };
};
