import { ActionIcon, Box, Group, Menu, Paper, Slider, Text, Tooltip, VisuallyHidden } from "@mantine/core";
import {
  IconAdjustmentsHorizontal,
  IconContrast2,
  IconEraser,
  IconEye,
  IconKeyboard,
  IconLink,
  IconPlayerPause,
  IconPlayerPlay,
  IconPolygon,
  IconRefresh,
  IconRuler2,
  IconZoomIn,
  IconZoomOut,
} from "@tabler/icons-react";
import { type ReactNode, useId, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Band, ImageRow } from "~/api/types";
import { useFormats } from "~/ui/formats";
import { rateOf, stepped } from "./cine";
import { afterCommand, PRESETS } from "./commands";
import { FrameCanvas } from "./FrameCanvas";
import type { Command } from "./hotkeys";
import { HotkeyHelp } from "./HotkeyHelp";
import { type AttentionPicture, type Line, Overlays } from "./Overlays";
import { boxOf } from "./region";
import { ScaleBar } from "./ScaleBar";
import { useCine, useFrame } from "./useFrame";
import type { Size, View } from "./view";

interface ViewerPaneProps {
  image: ImageRow;
  band: Band;
  view: View;
  change: (view: View) => void;
  /** Whether the other pane follows, and the switch for it. */
  linked: boolean;
  toggleLink: () => void;
  /** Beside the title: band badge, override. */
  header: ReactNode;
  /** The final liver outlines of the image, by frame. */
  outlines?: ReadonlyMap<number, [number, number][][]>;
  /** Where the network looked, by frame; null while nobody has asked. */
  attention?: ReadonlyMap<number, AttentionPicture> | null;
  /** Of the attention, 0 to 1. */
  opacity?: number;
}

/** One image: its frame, its tools, its cine. */
export function ViewerPane(props: ViewerPaneProps) {
  const { image, band, view, change, linked, toggleLink, header, outlines, attention, opacity = 0.5 } = props;
  const { t } = useTranslation();
  const format = useFormats();
  const [frame, setFrame] = useState(0);
  const [playing, setPlaying] = useState(false);
  const [held, setHeld] = useState(image.id);
  const [measuring, setMeasuring] = useState(false);
  const [lines, setLines] = useState<Line[]>([]);
  const [outlined, setOutlined] = useState(true);
  const [attended, setAttended] = useState(true);
  if (held !== image.id) {
    // Another image in the same pane: its first frame, standing still; the drawing surface stays.
    setHeld(image.id);
    setFrame(0);
    setPlaying(false);
    setLines([]);
  }
  const [helping, setHelping] = useState(false);
  const hint = useId();
  const place = useRef<HTMLDivElement>(null);
  const { bitmap, shown, failed, store } = useFrame(image, frame);
  useCine(image, store, frame, playing, setFrame);
  const cine = image.frame_count > 1;
  const box = useMemo(() => boxOf(image), [image]);

  function go(to: number) {
    setPlaying(false);
    setFrame(to);
  }

  function run(command: Command, canvas: Size) {
    if (command === "playPause") setPlaying(cine && !playing);
    else if (command === "previousFrame") go(stepped(frame, -1, image.frame_count));
    else if (command === "nextFrame") go(stepped(frame, 1, image.frame_count));
    else if (command === "firstFrame") go(0);
    else if (command === "lastFrame") go(image.frame_count - 1);
    else if (command === "measure") setMeasuring(!measuring);
    else if (command === "clearLengths") setLines([]);
    else if (command === "outline") setOutlined(!outlined);
    else if (command === "attention") setAttended(!attended);
    else change(afterCommand(view, command, box, canvas));
  }

  function click(command: Command) {
    const size = place.current?.getBoundingClientRect();
    if (size) run(command, { width: size.width, height: size.height });
  }

  const tools = [
    { command: "zoomOut", icon: IconZoomOut },
    { command: "zoomIn", icon: IconZoomIn },
    { command: "invert", icon: IconContrast2 },
    { command: "reset", icon: IconRefresh },
  ] as const;

  return (
    <Paper p={0} style={{ overflow: "hidden" }} component="section" aria-label={t(`common.bandLong.${band}`)} data-band={band}>
      <Group justify="space-between" px="xs" py={5} gap={4}>
        <Group gap={6} wrap="nowrap" style={{ minWidth: 0 }}>
          {header}
        </Group>
        <Group gap={2} wrap="nowrap">
          {tools.map(({ command, icon: Icon }) => (
            <Tooltip key={command} label={t(`viewer.command.${command}`)}>
              <ActionIcon
                variant="subtle"
                color="gray"
                aria-label={t(`viewer.command.${command}`)}
                onClick={() => {
                  click(command);
                }}
              >
                <Icon size={17} aria-hidden />
              </ActionIcon>
            </Tooltip>
          ))}
          <Toggle command="measure" icon={IconRuler2} on={measuring} toggle={click} />
          {lines.length ? (
            <Tooltip label={t("viewer.command.clearLengths")}>
              <ActionIcon
                variant="subtle"
                color="gray"
                aria-label={t("viewer.command.clearLengths")}
                onClick={() => {
                  setLines([]);
                }}
              >
                <IconEraser size={17} aria-hidden />
              </ActionIcon>
            </Tooltip>
          ) : null}
          {outlines?.size ? <Toggle command="outline" icon={IconPolygon} on={outlined} toggle={click} /> : null}
          {attention?.size ? <Toggle command="attention" icon={IconEye} on={attended} toggle={click} /> : null}
          <Menu position="bottom-end">
            <Menu.Target>
              <ActionIcon variant="subtle" color="gray" aria-label={t("viewer.presets")}>
                <IconAdjustmentsHorizontal size={17} aria-hidden />
              </ActionIcon>
            </Menu.Target>
            <Menu.Dropdown>
              {PRESETS.map((preset) => (
                <Menu.Item
                  key={preset.key}
                  onClick={() => {
                    change({ ...view, window: preset.window, level: preset.level });
                  }}
                >
                  {t(`viewer.preset.${preset.key}`)}
                </Menu.Item>
              ))}
            </Menu.Dropdown>
          </Menu>
          <Tooltip label={t("viewer.link")}>
            <ActionIcon
              variant={linked ? "filled" : "subtle"}
              color={linked ? undefined : "gray"}
              aria-label={t("viewer.link")}
              aria-pressed={linked}
              onClick={toggleLink}
            >
              <IconLink size={17} aria-hidden />
            </ActionIcon>
          </Tooltip>
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={t("viewer.help")}
            onClick={() => {
              setHelping(true);
            }}
          >
            <IconKeyboard size={17} aria-hidden />
          </ActionIcon>
        </Group>
      </Group>
      <Box
        ref={place}
        pos="relative"
        h="clamp(15rem, calc(100dvh - 21.375rem), 75rem)"
        bg="black"
        data-testid="viewer"
        data-image={image.id}
        data-frame={shown?.image === image.id ? shown.frame + 1 : ""}
        data-window={view.window}
        data-level={view.level}
        data-zoom={view.zoom.toFixed(2)}
      >
        <FrameCanvas
          bitmap={bitmap}
          box={box}
          view={view}
          label={t("viewer.label", { band: t(`common.bandLong.${band}`) })}
          describedBy={hint}
          change={change}
          command={run}
        >
          <Overlays
            image={image}
            view={view}
            box={box}
            outline={outlined && shown ? (outlines?.get(shown.frame) ?? null) : null}
            attention={attended && shown ? (attention?.get(shown.frame) ?? null) : null}
            opacity={opacity}
            measuring={measuring}
            lines={lines}
            draw={setLines}
          />
        </FrameCanvas>
        <ScaleBar image={image} view={view} box={box} />
        <VisuallyHidden id={hint}>{t("viewer.hint")}</VisuallyHidden>
        <Overlay top={false}>
          {t("viewer.reading", {
            window: format.count(view.window),
            level: format.decimal(view.level, view.level % 1 ? 1 : 0),
            zoom: format.decimal(view.zoom, 2),
          })}
        </Overlay>
        <Overlay top>
          {failed
            ? t("viewer.failed")
            : cine
              ? t("viewer.frameOf", {
                  frame: frame + 1,
                  count: image.frame_count,
                  rate: format.decimal(rateOf(image.frame_rate_hz), 1),
                })
              : t("viewer.size", { columns: image.columns, rows: image.rows })}
        </Overlay>
      </Box>
      <Group px="xs" py={6} gap="sm" wrap="nowrap" mih={40}>
        {cine ? (
          <>
            <ActionIcon
              variant="default"
              aria-label={playing ? t("viewer.pause") : t("viewer.play")}
              onClick={() => {
                setPlaying(!playing);
              }}
            >
              {playing ? <IconPlayerPause size={17} aria-hidden /> : <IconPlayerPlay size={17} aria-hidden />}
            </ActionIcon>
            <Slider
              flex={1}
              min={1}
              max={image.frame_count}
              value={frame + 1}
              label={null}
              thumbLabel={t("viewer.frameSlider")}
              onChange={(value) => {
                go(value - 1);
              }}
            />
          </>
        ) : (
          <Text size="xs" c="dimmed">
            {t("viewer.still")}
          </Text>
        )}
      </Group>
      <HotkeyHelp
        opened={helping}
        close={() => {
          setHelping(false);
        }}
      />
    </Paper>
  );
}

interface ToggleProps {
  command: "measure" | "outline" | "attention";
  icon: typeof IconEye;
  on: boolean;
  toggle: (command: Command) => void;
}

function Toggle({ command, icon: Icon, on, toggle }: ToggleProps) {
  const { t } = useTranslation();
  const label = t(`viewer.command.${command}`);
  return (
    <Tooltip label={label}>
      <ActionIcon
        variant={on ? "filled" : "subtle"}
        color={on ? undefined : "gray"}
        aria-label={label}
        aria-pressed={on}
        onClick={() => {
          toggle(command);
        }}
      >
        <Icon size={17} aria-hidden />
      </ActionIcon>
    </Tooltip>
  );
}

function Overlay({ top, children }: { top: boolean; children: ReactNode }) {
  return (
    <Text
      size="xs"
      c="#e6edf0"
      pos="absolute"
      px={6}
      py={1}
      left={6}
      top={top ? 6 : undefined}
      bottom={top ? undefined : 6}
      style={{ background: "rgba(0,0,0,0.72)", borderRadius: 4, pointerEvents: "none" }}
      data-testid={top ? "viewer-frame" : "viewer-reading"}
    >
      {children}
    </Text>
  );
}
