import {
  heldRecoverySecret,
  kitPaper,
  listOwnDevices,
  memberName,
  openDirectory,
  readKit,
  rekeyMember,
  sharePaper,
  splitHeldSecret,
  strikeRecoverySecret,
  takeKit,
  endOwnDevice,
  type Device,
  type DeviceRow,
  type PasskeyPrf,
} from "@sinetti/client";
import { bytesToHex, hexToBytes, type DeviceId } from "@sinetti/core";
import type { Paper } from "@sinetti/paper";

import { listDevice, listDevices } from "../deviceList.ts";
import type { Session } from "../session.ts";

/** The locks of this device and the papers of its member. */
export interface LocksView {
  readonly devices: readonly DeviceRow[];
  /** Credential ids of the passkeys that open this device, as hexadecimal digits. */
  readonly passkeys: readonly string[];
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
  return {
    view: async (): Promise<LocksView> => {
      const { client } = session;
      return {
        devices: listOwnDevices(client),
        passkeys: device().passkeys.map(({ credential }) => bytesToHex(credential)),
        hasUnprintedKit: (await readKit(client.context)) !== null,
        holdsRecovery: heldRecoverySecret(client.context) !== null,
      };
    },
    /** Puts another password in the place of the old one; gives how many passkeys have to be added again. */
    changePassword: async (from: string, to: string): Promise<number> => {
      const { removed } = await device().changePassword({ from, to });
      await relist();
      return removed.length;
    },
    addPasskey: async (
      password: string,
      credential: Uint8Array,
      prf: PasskeyPrf,
    ): Promise<void> => {
      await device().addPasskey({ password, credential, prf });
      await relist();
    },
    removePasskey: async (credential: string): Promise<void> => {
      await device().removePasskey(hexToBytes(credential));
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
