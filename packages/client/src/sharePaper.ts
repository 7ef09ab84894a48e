import { printRecoveryShare, type RecoveryShare } from "@sinetti/core/secret";
import type { Block, Paper } from "@sinetti/paper";

/** What stands on a share, beside its code. */
export interface SharePage {
  readonly share: RecoveryShare;
  /** Who keeps it; null: nobody is named. */
  readonly trustee: string | null;
  readonly practiceName: string;
  /** Address of the launcher. */
  readonly server: string;
  /** ISO 8601 instant. */
  readonly made: string;
}

/** Digits of the commitment that trustees may compare over the telephone: it tells nothing of the secret. */
const COMPARED = 16;

function facts({ share, trustee, practiceName, server, made }: SharePage): Block {
  const mono = (text: string) => [{ text, mono: true }];
  return {
    type: "fields",
    rows: [
      { label: "Practice", value: practiceName },
      { label: "Practice id (root fingerprint)", value: mono(share.practice) },
      { label: "Kept by", value: trustee ?? "write the name here: ______________________" },
      { label: "Share", value: `${share.number} of ${share.count}; any ${share.threshold} join` },
      { label: "Version of the secret", value: String(share.version) },
      { label: "Alike on all shares", value: mono(share.commit.slice(0, COMPARED)) },
      { label: "Server", value: mono(server) },
      { label: "Made", value: made.slice(0, 10) },
    ],
  };
}

/** The groups for the eye, each in a cell of its own; for the machine, line by line. */
function codeBlock(lines: readonly string[], isPrinted: boolean): Block {
  if (!isPrinted) {
    const text = lines.map((line, index) => `${index + 1}  ${line}`).join("\n");
    return { type: "code", text };
  }
  const rows = lines.map((line, index) => [
    [{ text: `${index + 1}`, quiet: true }],
    ...line.split("-").map((group) => [{ text: group, mono: true, bold: true }]),
  ]);
  return { type: "table", head: ["line", "1", "2", "3", "4", "5", "6"], rows };
}

/** The page of one trustee: printed with a QR code of the share, or as text that the program reads again. */
export function sharePaper(page: SharePage, { isPrinted }: { isPrinted: boolean }): Paper {
  const { share } = page;
  const lines = printRecoveryShare(share);
  const blocks: Block[] = [
    { type: "heading", level: 1, text: `Share ${share.number} of ${share.count} of a practice` },
    {
      type: "paragraph",
      tone: "alarm",
      text: `Whoever joins ${share.threshold} of these shares can bring a new member into the practice, who reads every record. Keep this page locked away. Give it to nobody who calls or writes.`,
    },
    facts(page),
    { type: "heading", level: 2, text: "The share" },
    codeBlock(lines, isPrinted),
    {
      type: "paragraph",
      tone: "quiet",
      text: "Six groups of four in each line. The last character of a group checks the others, so whoever types it is told which group is wrong.",
    },
    { type: "heading", level: 2, text: "When you are asked for it" },
    {
      type: "list",
      ordered: true,
      items: [
        {
          text: "Go yourself, to people whom you know, and only when devices, passwords and kits of the whole practice are lost.",
        },
        {
          text: [
            { text: "At the computer of the new device: " },
            {
              text: "sinetti recovery restore SHARE SHARE --new-profile DIR --name NAME --roles admin,privacy",
              mono: true,
            },
            { text: ", with the text files or the codes of the shares." },
          ],
        },
        {
          text: "It acts after 72 hours. Everybody in the practice is told, and two of them can withdraw it.",
        },
        { text: "Afterwards new shares are made, and this page is void." },
      ],
    },
  ];
  const scanned: Block = { type: "qr", text: lines.join("-"), caption: "The share, to be scanned" };
  return {
    title: `Share ${share.number} of ${share.count}`,
    language: "en",
    footer: `Practice ${share.practice}, share ${share.number} of ${share.count}`,
    made: page.made,
    blocks: isPrinted ? [...blocks, scanned] : blocks,
  };
}
