import type { PracticeId } from "@sinetti/core";
import type { Block, Paper } from "@sinetti/paper";
import type { Invitation } from "./invitations.ts";

/** What every slip of a practice says. */
export interface SlipPlace {
  readonly practice: PracticeId;
  readonly practiceName: string;
  readonly server: string;
  readonly language: "en" | "fi";
  /** ISO 8601 instant. */
  readonly made: string;
}

const WORDS = {
  en: {
    title: "Invitations",
    hello: (name: string) => `${name}: your way in`,
    practice: "Practice",
    practiceId: "Practice id",
    server: "Address",
    until: "Good until",
    steps: [
      "On your own computer, open the address above in a browser, choose “I have a slip”, type this code and choose a password; your keys are made there and never leave it.",
      "Write down the recovery kit that you are shown, and keep it apart from the computer.",
      "Tell your administrator, in person or by a phone number that both of you know, the comparison words on your screen: once they match, you are in.",
    ],
    command: "Or on the command line:",
    once: "For one person, once. Whoever holds this slip can answer in your name until then; if it is lost, tell your administrator.",
  },
  fi: {
    title: "Kutsut",
    hello: (name: string) => `${name}: tervetuloa`,
    practice: "Vastaanotto",
    practiceId: "Vastaanoton tunniste",
    server: "Osoite",
    until: "Voimassa",
    steps: [
      "Avaa yllä oleva osoite omalla tietokoneellasi selaimeen, valitse ”Minulla on kutsulappu”, kirjoita tämä koodi ja valitse salasana; avaimesi syntyvät siellä eivätkä poistu sieltä.",
      "Kirjoita näytettävä palautusavain muistiin ja säilytä se erillään tietokoneesta.",
      "Kerro ruudulla näkyvät vertailusanat pääkäyttäjälle kasvotusten tai molempien tuntemaan puhelinnumeroon: kun ne täsmäävät, olet mukana.",
    ],
    command: "Tai komentorivillä:",
    once: "Yhdelle henkilölle, kerran. Siihen asti kuka tahansa tämän lapun haltija voi vastata nimissäsi; jos lappu katoaa, kerro pääkäyttäjälle.",
  },
} as const;

/** The paper with one slip for each person: the practice, the one-time code, where to go, what to do. No patient stands on it. */
export function slipsPaper(invitations: readonly Invitation[], place: SlipPlace): Paper {
  const { language, made, practiceName } = place;
  return {
    title: `${WORDS[language].title} · ${practiceName}`,
    language,
    made,
    blocks: invitations.map((invitation): Block => ({
      type: "slip",
      blocks: slipBlocks(invitation, place),
    })),
  };
}

function slipBlocks(
  { name, slip, until }: Invitation,
  { practice, practiceName, server, language }: SlipPlace,
): Block[] {
  const words = WORDS[language];
  const day = new Date(until * 1000).toISOString().slice(0, 10);
  return [
    { type: "heading", level: 2, text: words.hello(name) },
    {
      type: "fields",
      rows: [
        { label: words.practice, value: practiceName },
        { label: words.practiceId, value: [{ text: practice, mono: true }] },
        { label: words.server, value: [{ text: server, mono: true }] },
        { label: words.until, value: day },
      ],
    },
    { type: "code", text: slip },
    { type: "list", ordered: true, items: words.steps.map((text) => ({ text })) },
    {
      type: "paragraph",
      text: [
        { text: `${words.command} ` },
        { text: `sinetti --server ${server} member accept --slip CODE`, mono: true },
      ],
    },
    { type: "paragraph", tone: "quiet", text: words.once },
  ];
}
