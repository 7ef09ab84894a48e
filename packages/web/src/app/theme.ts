import {
  createTheme,
  defaultVariantColorsResolver,
  type MantineColorsTuple,
  type VariantColorsResolver,
} from "@mantine/core";

/** Deep spruce: the one accent. Index 7 carries white text at 7:1, index 4 stands on the dark ground at 6:1. */
const spruce: MantineColorsTuple = [
  "#eef6f4",
  "#dcebe8",
  "#b5d7d1",
  "#8cc2ba",
  "#67afa5",
  "#479086",
  "#2d746c",
  "#1d5b57",
  "#164744",
  "#0e3432",
];

/** Kept for alarms, and used for nothing else. */
const alarm: MantineColorsTuple = [
  "#fdf0ec",
  "#f9dcd4",
  "#f2b5a5",
  "#ea8c74",
  "#e46c4f",
  "#d14a2b",
  "#b53a1e",
  "#982e16",
  "#782411",
  "#57190b",
];

/** Warm neutrals: paper by day, slate-brown by night. */
const stone: MantineColorsTuple = [
  "#faf8f4",
  "#f2efe9",
  "#e4dfd6",
  "#cfc8bc",
  "#ada597",
  "#857d70",
  "#655e53",
  "#4b453c",
  "#312d27",
  "#1e1b18",
];

/** The same warmth for the dark scheme, light to dark as the UI library counts. */
const dark: MantineColorsTuple = [
  "#e9e5de",
  "#c9c3b9",
  "#a8a195",
  "#7e776b",
  "#5a5349",
  "#403a33",
  "#2f2a25",
  "#24201c",
  "#1c1916",
  "#141210",
];

/** The library picks the text on a filled ground by the light scheme alone; in the dark one the grounds are light. */
const variantColorResolver: VariantColorsResolver = (input) => {
  const colors = defaultVariantColorsResolver(input);
  return input.variant === "filled" ? { ...colors, color: "var(--on-filled)" } : colors;
};

/** A long word of a button, in Finnish or in large letters, goes to a second line. */
const WRAPPED = {
  root: { height: "auto", minHeight: "var(--button-height)", minWidth: "min-content" },
  label: { whiteSpace: "normal", height: "auto", lineHeight: 1.25, overflowWrap: "break-word" },
} as const;

/** A list of options that scrolls is the list itself, which the keyboard moves through. */
const OPTIONS = {
  withScrollArea: false,
  styles: { options: { maxHeight: "15rem", overflowY: "auto" } },
} as const;

export const theme = createTheme({
  colors: { spruce, alarm, stone, gray: stone, dark },
  primaryColor: "spruce",
  primaryShade: { light: 7, dark: 4 },
  autoContrast: true,
  variantColorResolver,
  luminanceThreshold: 0.35,
  fontFamily: "'Source Sans 3 Variable', system-ui, sans-serif",
  headings: {
    fontFamily: "'Source Sans 3 Variable', system-ui, sans-serif",
    fontWeight: "620",
    sizes: {
      h1: { fontSize: "1.75rem", lineHeight: "1.25" },
      h2: { fontSize: "1.25rem", lineHeight: "1.3" },
      h3: { fontSize: "1.0625rem", lineHeight: "1.35" },
    },
  },
  fontSizes: { xs: "0.8125rem", sm: "0.9375rem", md: "1rem", lg: "1.125rem", xl: "1.3125rem" },
  defaultRadius: "md",
  cursorType: "pointer",
  respectReducedMotion: true,
  components: {
    Badge: {
      defaultProps: { tt: "none", fw: 500, size: "lg" },
      styles: {
        root: { height: "auto", minHeight: "var(--badge-height)" },
        label: { whiteSpace: "normal", overflow: "visible", lineHeight: 1.3 },
      },
    },
    Button: { defaultProps: { size: "sm" }, styles: WRAPPED },
    Select: { defaultProps: OPTIONS },
    MultiSelect: { defaultProps: OPTIONS },
    TextInput: { defaultProps: { autoComplete: "off", spellCheck: false } },
    Textarea: { defaultProps: { autoComplete: "off", spellCheck: false } },
    Modal: {
      defaultProps: { transitionProps: { duration: 120 }, centered: true },
      styles: { title: { fontSize: "1.25rem", fontWeight: 620, lineHeight: 1.3 } },
    },
    Menu: { defaultProps: { transitionProps: { duration: 100 } } },
    Tooltip: { defaultProps: { openDelay: 300, transitionProps: { duration: 80 } } },
  },
});
