import { ActionIcon, Group, SegmentedControl, Slider, Tooltip, VisuallyHidden } from "@mantine/core";
import {
  IconArrowBackUp,
  IconArrowForwardUp,
  IconBrush,
  IconEraser,
  IconHandMove,
  IconKeyboard,
  IconPointer,
  IconPolygon,
  IconSquare,
} from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useFormats } from "~/ui/formats";
import { type Tool, TOOLS } from "./keys";
import type { OutlineInHand } from "./useOutline";

const ICONS: Record<Tool, typeof IconBrush> = {
  view: IconHandMove,
  box: IconSquare,
  polygon: IconPolygon,
  brush: IconBrush,
  eraser: IconEraser,
  edit: IconPointer,
};

interface ToolBarProps {
  tool: Tool;
  choose: (tool: Tool) => void;
  radius: number;
  setRadius: (radius: number) => void;
  limits: { least: number; most: number };
  hand: OutlineInHand;
  mayDraw: boolean;
  help: () => void;
}

export function ToolBar({ tool, choose, radius, setRadius, limits, hand, mayDraw, help }: ToolBarProps) {
  const { t } = useTranslation();
  const format = useFormats();
  return (
    <Group justify="space-between" px="xs" py={5} gap="xs">
      {mayDraw ? (
        <SegmentedControl
          size="xs"
          aria-label={t("outline.tools")}
          value={tool}
          onChange={(value) => {
            choose(value as Tool);
          }}
          data={TOOLS.map((one) => {
            const Icon = ICONS[one];
            return {
              value: one,
              label: (
                <Tooltip label={t(`outline.command.${one}`)}>
                  <span data-tool-button={one} style={{ display: "inline-flex", padding: 2 }}>
                    <Icon size={18} aria-hidden />
                    <VisuallyHidden>{t(`outline.command.${one}`)}</VisuallyHidden>
                  </span>
                </Tooltip>
              ),
            };
          })}
        />
      ) : (
        <span />
      )}
      {tool === "brush" || tool === "eraser" ? (
        <Slider
          w={150}
          size="sm"
          min={limits.least}
          max={limits.most}
          value={Math.round(radius)}
          onChange={setRadius}
          label={(value) => t("outline.pixels", { count: value })}
          thumbLabel={`${t("outline.radius")} ${format.decimal(radius, 0)}`}
        />
      ) : null}
      <Group gap={2}>
        {mayDraw ? (
          <>
            <Tooltip label={t("outline.command.undo")}>
              <ActionIcon variant="subtle" color="gray" aria-label={t("outline.command.undo")} disabled={!hand.canUndo} onClick={hand.undo}>
                <IconArrowBackUp size={18} aria-hidden />
              </ActionIcon>
            </Tooltip>
            <Tooltip label={t("outline.command.redo")}>
              <ActionIcon variant="subtle" color="gray" aria-label={t("outline.command.redo")} disabled={!hand.canRedo} onClick={hand.redo}>
                <IconArrowForwardUp size={18} aria-hidden />
              </ActionIcon>
            </Tooltip>
          </>
        ) : null}
        <ActionIcon variant="subtle" color="gray" aria-label={t("outline.keys")} onClick={help}>
          <IconKeyboard size={18} aria-hidden />
        </ActionIcon>
      </Group>
    </Group>
  );
}
