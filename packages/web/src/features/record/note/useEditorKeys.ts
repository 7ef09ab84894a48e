import { useEffect, useRef, type RefObject } from "react";

/** What the keys of an editor do. */
export interface EditorActs {
  readonly sign: () => void;
  readonly save: () => void;
  readonly close: () => void;
}

/** The section before or after the one that has the focus; null: there is none. */
export function neighbour(
  sections: readonly string[],
  now: string | null,
  step: 1 | -1,
): string | null {
  const at = now === null ? (step === 1 ? -1 : sections.length) : sections.indexOf(now);
  return sections[at + step] ?? null;
}

function goToSection(root: HTMLElement, step: 1 | -1): void {
  const fields = [...root.querySelectorAll<HTMLTextAreaElement>("textarea[data-section]")];
  const ids = fields.map(({ dataset }) => dataset["section"] ?? "");
  const now = document.activeElement instanceof HTMLTextAreaElement ? document.activeElement : null;
  const next = neighbour(ids, now?.dataset["section"] ?? null, step);
  fields.find(({ dataset }) => dataset["section"] === next)?.focus();
}

/** Alt and an arrow go from section to section, Alt+T to the template, Ctrl+S saves, Ctrl+Enter signs, Escape closes. */
export function useEditorKeys(root: RefObject<HTMLDivElement | null>, acts: EditorActs): void {
  const now = useRef(acts);
  now.current = acts;
  useEffect(() => {
    const { current: element } = root;
    if (element === null) return undefined;
    const onKey = (event: KeyboardEvent): void => {
      const { key, altKey, repeat, isComposing } = event;
      const isMod = event.ctrlKey || event.metaKey;
      const act = (): (() => void) | null => {
        if (isComposing) return null;
        if (altKey && key === "ArrowDown") return () => goToSection(element, 1);
        if (altKey && key === "ArrowUp") return () => goToSection(element, -1);
        if (altKey && key.toLowerCase() === "t")
          return () => element.querySelector<HTMLElement>("[data-key=template]")?.focus();
        if (isMod && key.toLowerCase() === "s") return now.current.save;
        if (isMod && key === "Enter" && !repeat) return now.current.sign;
        // A dialog above takes its own Escape first.
        if (key === "Escape" && !event.defaultPrevented) return now.current.close;
        return null;
      };
      const found = act();
      if (found === null) return;
      event.preventDefault();
      found();
    };
    element.addEventListener("keydown", onKey);
    element.querySelector<HTMLElement>("textarea[data-section]")?.focus();
    return () => element.removeEventListener("keydown", onKey);
  }, [root]);
}
