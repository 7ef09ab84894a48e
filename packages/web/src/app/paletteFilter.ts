import type { SpotlightActionData, SpotlightFilterFunction } from "@mantine/spotlight";

const folded = (text: string): string =>
  text.normalize("NFD").replaceAll(/\p{M}/gu, "").toLowerCase();

/** What the palette finds: by name first, then by what stands under it; letters count without their marks. */
export const findActions: SpotlightFilterFunction = (query, data) => {
  const wanted = folded(query.trim());
  const holds = (text: string | undefined): boolean =>
    text !== undefined && folded(text).includes(wanted);
  const actions = data.flatMap((each): SpotlightActionData[] =>
    "actions" in each ? each.actions : [each],
  );
  const named = actions.filter(({ label }) => holds(label));
  return [...named, ...actions.filter((each) => !holds(each.label) && holds(each.description))];
};
