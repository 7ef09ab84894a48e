import type { MemberId, PracticeId } from "@sinetti/core";
import type { Paper } from "@sinetti/paper";

/** What stands on a kit, beside its code. */
export interface KitPage {
  readonly kit: string;
  readonly practice: PracticeId;
  readonly member: MemberId;
  /** Names as the directory has them; null: not known yet. */
  readonly practiceName: string | null;
  readonly memberName: string | null;
  /** Address of the launcher. */
  readonly server: string;
  /** ISO 8601 instant. */
  readonly made: string;
}

const SCANNED = "SINETTI-KIT";

/** What the page's QR code holds: practice, member and kit. */
function scanned({ practice, member, kit }: Pick<KitPage, "practice" | "member" | "kit">): string {
  return [SCANNED, practice, member, kit].join(":").toUpperCase();
}

/** The recovery kit of one member as a page. */
export function kitPaper(page: KitPage): Paper {
  const { practice, member, kit, server } = page;
  const mono = (text: string) => [{ text, mono: true }];
  return {
    title: "Recovery kit",
    language: "en",
    footer: "Recovery kit: keep it locked away, apart from every computer",
    made: page.made,
    blocks: [
      { type: "heading", level: 1, text: "Recovery kit" },
      {
        type: "paragraph",
        text: "This page brings you back when every device or password of yours is lost. Keep it locked away at home. Whoever has it can become you, unless one of your devices refuses within a day.",
      },
      {
        type: "fields",
        rows: [
          { label: "Practice", value: page.practiceName ?? "not named yet" },
          { label: "Practice id (root fingerprint)", value: mono(practice) },
          { label: "Member", value: page.memberName ?? "not named yet" },
          { label: "Member id", value: mono(member) },
          { label: "Server", value: mono(server) },
          { label: "Made", value: page.made.slice(0, 10) },
        ],
      },
      { type: "heading", level: 2, text: "Your kit" },
      { type: "code", text: kit },
      { type: "heading", level: 2, text: "When your password or your devices are lost" },
      {
        type: "list",
        ordered: true,
        items: [
          {
            text: [
              { text: "On a computer with Sinetti, type what stands above: " },
              {
                text: `sinetti --server ${server} device recover --practice ${practice} --member ${member} --new-profile DIR`,
                mono: true,
              },
            ],
          },
          {
            text: "Ask a colleague, in person, to approve it: then it acts at once. Alone it acts after 24 hours. Your other devices are told.",
          },
          {
            text: "You get a new kit. This one is void then: destroy it.",
          },
        ],
      },
      {
        type: "heading",
        level: 2,
        text: "When this page is lost, or a device asks that is not yours",
      },
      {
        type: "paragraph",
        text: [
          { text: "On your own device, refuse what waits (" },
          { text: "sinetti refuse ORDER", mono: true },
          { text: ") and make a new kit (" },
          { text: "sinetti member kit --renew --kit-out FILE", mono: true },
          { text: "). The old page is void from then on." },
        ],
      },
      { type: "qr", text: scanned(page), caption: "Practice, member and kit, to be scanned" },
    ],
  };
}

const LINE = new RegExp(`${SCANNED}:([0-9A-F]{32}):([0-9A-F]{32}):([0-9A-Z-]{20,80})`);

/** What a written kit page says of itself; null: the text is no page of a kit. */
export function findKitPage(
  text: string,
): { practice: string; member: string; kit: string } | null {
  const found = LINE.exec(text);
  if (found === null) return null;
  const [, practice = "", member = "", kit = ""] = found;
  return { practice: practice.toLowerCase(), member: member.toLowerCase(), kit };
}
