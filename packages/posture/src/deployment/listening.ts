import { readFileSync } from "node:fs";

/** A port that a program of this host takes connections on. */
export interface Listening {
  readonly address: string;
  readonly port: number;
}

const LISTEN = "0A";
const FILES = ["/proc/net/tcp", "/proc/net/tcp6"];

/** Linux writes addresses as words of the machine's own byte order. */
function addressOf(hex: string): string {
  const words = hex.match(/.{8}/g) ?? [];
  const bytes = words.flatMap((word) => (word.match(/../g) ?? []).toReversed());
  if (bytes.length === 4) return bytes.map((byte) => Number.parseInt(byte, 16)).join(".");
  const groups = Array.from({ length: 8 }, (_, index) =>
    Number.parseInt(bytes.slice(2 * index, 2 * index + 2).join(""), 16).toString(16),
  );
  return new URL(`http://[${groups.join(":")}]`).hostname.slice(1, -1);
}

/** Every TCP port that is listened on, in this network namespace; null where the system does not say. */
export function readListening(files: readonly string[] = FILES): Listening[] | null {
  const texts = files.flatMap((file) => {
    try {
      return [readFileSync(file, "utf8")];
    } catch {
      return [];
    }
  });
  if (texts.length === 0) return null;
  return texts.flatMap((text) =>
    text
      .split("\n")
      .slice(1)
      .flatMap((line): Listening[] => {
        const [, local = "", , state] = line.trim().split(/\s+/);
        const [address = "", port = ""] = local.split(":");
        if (state !== LISTEN) return [];
        return [{ address: addressOf(address), port: Number.parseInt(port, 16) }];
      }),
  );
}

/** Whether only this host itself can reach it. */
export function isOwnOnly({ address }: Pick<Listening, "address">): boolean {
  return address.startsWith("127.") || address === "::1" || address.startsWith("::ffff:7f");
}
