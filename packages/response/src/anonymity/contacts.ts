/** Mailboxes of an office; whatever else stands before an @ is somebody. */
const offices = new Set(
  "info contact press media office registry kirjaamo tietosuoja privacy dpo security abuse cert support help palvelu asiakaspalvelu viestinta kundtjanst registrator".split(
    " ",
  ),
);

const mail = /([\p{L}\p{N}._%+-]+)\s?(?:@|\(at\)|\[at\])\s?[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+/giu;
const phones = [
  /(?<![\p{L}\p{N}.,/])(?:\+|00)[1-9]\d{0,2}[\s().-]*(?:\d[\s().-]*){6,11}\d(?![\p{L}\p{N}/])/gu,
  /(?<![\p{L}\p{N}.,/-])0\d{1,3}[\s-]?\d{3,4}[\s-]?\d{2,4}(?:[\s-]?\d{2})?(?![\p{L}\p{N}/.,-])/gu,
];

/** Whether a text holds an e-mail address of a person: any but those of an office. */
export function hasPrivateMail(text: string): boolean {
  return [...text.normalize("NFKC").matchAll(mail)].some(
    ([, mailbox = ""]) => !offices.has(mailbox.toLowerCase()),
  );
}

/** Whether a text holds a telephone number: international, or Finnish or Swedish with its leading zero. */
export function hasPhone(text: string): boolean {
  const searched = text.normalize("NFKC");
  return phones.some((form) =>
    [...searched.matchAll(form)].some(([found]) => found.replaceAll(/\D/g, "").length >= 7),
  );
}
