import axe from "axe-core";
import type * as Axe from "axe-core";
import type { Page } from "playwright-core";

const EVERYTHING: Axe.RunOnly = {
  type: "tag",
  values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
};
/** What another colour scheme can change. */
const COLOURS: Axe.RunOnly = { type: "rule", values: ["color-contrast", "link-in-text-block"] };

/** What axe finds on the page that is serious or critical, or of its colours alone, one line a rule and element. */
export async function findBarriers(
  page: Page,
  { coloursAlone = false }: { coloursAlone?: boolean } = {},
): Promise<string[]> {
  if (!(await page.evaluate(() => "axe" in globalThis))) await page.evaluate(axe.source);
  const found = await page.evaluate(
    async (runOnly) => {
      const { axe: runner } = globalThis as unknown as { axe: typeof Axe };
      const { violations } = await runner.run(document, { runOnly, resultTypes: ["violations"] });
      return violations
        .filter(({ impact }) => impact === "serious" || impact === "critical")
        .flatMap(({ id, nodes }) =>
          nodes.map(({ target, any }) => `${id}: ${target.join(" ")} ${any[0]?.message ?? ""}`),
        );
    },
    coloursAlone ? COLOURS : EVERYTHING,
  );
  return found;
}
