import type { BrowserContext, ConsoleMessage, Page, Worker } from "playwright-core";

/** What a page did that none may do: an error on the console, an error that nobody caught, a request to somebody else. */
export interface Watch {
  /** What was seen since the last call, without what the test said would come. */
  take(): string[];
  /** From now on a message like this is part of what is tried. */
  expect(message: RegExp): void;
}

/** A page says on its own console what it was refused, also where its code caught the refusal. */
const TELL_VIOLATIONS = `addEventListener("securitypolicyviolation", (event) =>
  console.error("policy violated: " + event.effectiveDirective + " " + event.blockedURI));`;

/** Watches every page and worker of a context; requests may go to these origins alone. */
export async function watch(context: BrowserContext, origins: readonly string[]): Promise<Watch> {
  const seen: string[] = [];
  const expected: RegExp[] = [];
  const add = (message: string): void => void seen.push(message);
  const onConsole = (message: ConsoleMessage): void => {
    if (message.type() === "error" || message.type() === "warning")
      add(`console ${message.type()}: ${message.text()} (${message.location().url})`);
  };
  const onPage = (page: Page): void => {
    page.on("console", onConsole);
    page.on("pageerror", ({ message }) => add(`uncaught: ${message}`));
    page.on("crash", () => add("the page crashed"));
    page.on("worker", (worker: Worker) => worker.on("console", onConsole));
  };
  for (const page of context.pages()) onPage(page);
  context.on("page", onPage);
  context.on("request", (request) => {
    const { protocol, origin } = new URL(request.url());
    if (protocol === "data:" || protocol === "blob:" || origins.includes(origin)) return;
    add(`request to ${origin}`);
  });
  await context.addInitScript(TELL_VIOLATIONS);
  return {
    take: () => seen.splice(0).filter((message) => !expected.some((each) => each.test(message))),
    expect: (message) => void expected.push(message),
  };
}
