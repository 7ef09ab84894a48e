import { kitPaper } from "@sinetti/client";
import { parseId, type MemberId, type PracticeId } from "@sinetti/core";
import { renderPdf } from "@sinetti/paper/pdf";

/** What stands on the papers of a founding. */
export interface FoundingPage {
  readonly practice: string;
  readonly practiceName: string;
  readonly member: string;
  readonly memberName: string;
  readonly kit: string;
  readonly breakGlass: string;
  readonly server: string;
}

/** The founder's recovery kit and the practice's break-glass code as one PDF, a page each. */
export async function foundingPdf(page: FoundingPage): Promise<Uint8Array> {
  const made = new Date().toISOString();
  const kit = kitPaper({
    kit: page.kit,
    practice: parseId<PracticeId>(page.practice),
    member: parseId<MemberId>(page.member),
    practiceName: page.practiceName,
    memberName: page.memberName,
    server: page.server,
    made,
  });
  return renderPdf({
    ...kit,
    title: "Papers of a practice",
    blocks: [
      ...kit.blocks,
      { type: "pageBreak" },
      { type: "heading", level: 1, text: "Break-glass code" },
      {
        type: "paragraph",
        text: "With this code and one member of the staff a freeze of the practice is ended, also when nobody else can. Seal it in an envelope, and keep it apart from the recovery kit.",
      },
      { type: "code", text: page.breakGlass },
    ],
  });
}
