/** Colours and shapes. Stage colours are those of ml/evaluation/palette.py, so that a figure and a badge agree. */
import { createTheme, type CSSVariablesResolver, type MantineColorsTuple } from "@mantine/core";
import type { StageLabel } from "~/api/types";

const liver: MantineColorsTuple = [
  "#e8f5f6", "#d2e8ea", "#a4d2d6", "#73bac0", "#4ca7ae", "#349aa3", "#238f98", "#157a83", "#0a6770", "#05535b",
];

/** Mantine's own dark greys have no hue; these lean towards the primary colour. */
const night: MantineColorsTuple = [
  "#d5dce1", "#b8c2ca", "#8d99a4", "#66737e", "#3d4953", "#313c45", "#252e35", "#1b2227", "#13181c", "#0d1114",
];

export const STAGE_COLOURS: Record<StageLabel, string> = {
  S0: "#227963",
  S1: "#5e8ee1",
  S2: "#a21cba",
  S3: "#e0761c",
  S4: "#cc1f54",
};

export const CURVE_COLOURS = { train: "#2f6fd0", validation: "#d9701a" };

/** The style nonce that Django puts into the page; Mantine and Plotly write their sheets with it. */
export function styleNonce(): string {
  return document.querySelector<HTMLElement>("script[nonce], style[nonce]")?.nonce ?? "";
}

export const theme = createTheme({
  primaryColor: "liver",
  colors: { liver, dark: night },
  // The darkest shade as the filled one keeps 4.5:1 against white text in both schemes.
  primaryShade: 9,
  respectReducedMotion: true,
  autoContrast: true,
  luminanceThreshold: 0.179,
  defaultRadius: "md",
  fontFamily:
    '"Inter", "Segoe UI", "Noto Sans", "PingFang SC", "Microsoft YaHei", "Noto Sans SC", system-ui, sans-serif',
  fontFamilyMonospace: 'ui-monospace, "SF Mono", "Cascadia Mono", "Noto Sans Mono", monospace',
  headings: { fontWeight: "650", sizes: { h1: { fontSize: "1.375rem" }, h2: { fontSize: "1.0625rem" }, h3: { fontSize: "0.9375rem" } } },
  components: {
    Anchor: { defaultProps: { size: "sm" } },
    Badge: { styles: { root: { flexShrink: 0, minWidth: "max-content" } } },
    NavLink: { styles: { root: { borderRadius: "var(--mantine-radius-sm)" } } }, // its height: styles.css
    Table: { defaultProps: { verticalSpacing: 7, horizontalSpacing: "sm" } },
    Paper: { defaultProps: { withBorder: true, p: "md" } },
    Tooltip: { defaultProps: { withArrow: true, openDelay: 300 } },
    ModalRoot: {
      defaultProps: { centered: true },
      styles: {
        content: { backgroundColor: "var(--panel)" },
        title: { fontWeight: 650, fontSize: "1.0625rem" },
      },
    },
  },
});

/** Paper on a tinted page; grey text dark enough to read (4.5:1 and more) on both. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    "--mantine-color-body": "#f4f7f8",
    "--mantine-color-dimmed": "#55626c",
    "--mantine-color-placeholder": "#55626c",
    "--panel": "#ffffff",
    "--quiet-line": "#dde4e8",
  },
  dark: {
    "--mantine-color-body": "#13181c",
    "--mantine-color-dimmed": "#a3b0ba",
    "--mantine-color-placeholder": "#a3b0ba",
    "--panel": "#1b2227",
    "--quiet-line": "#313c45",
  },
});
