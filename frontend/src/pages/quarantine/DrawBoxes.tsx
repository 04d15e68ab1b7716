import { ActionIcon, Button, Group, NumberInput, SegmentedControl, Stack, Text } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import { type PointerEvent, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Failed } from "~/ui/states";
import { type Box, boxBetween, type Frame } from "./boxes";
import { useLatePicture } from "./latePicture";

export type Tool = "mask" | "keep";

interface DrawBoxesProps {
  source: string;
  frame: Frame;
  proposal: Box[];
  found: Box[];
  keep: Box[];
  masks: Box[];
  change: (boxes: { keep: Box[]; masks: Box[] }) => void;
}

/** The picture as it came: boxes are drawn with the pointer, or typed where there is none. */
export function DrawBoxes({ source, frame, proposal, found, keep, masks, change }: DrawBoxesProps) {
  const { t } = useTranslation();
  const [tool, setTool] = useState<Tool>("mask");
  const [from, setFrom] = useState<[number, number] | null>(null);
  const [to, setTo] = useState<[number, number] | null>(null);
  const area = useRef<SVGSVGElement>(null);
  const picture = useLatePicture(source);
  const drawn = from && to ? boxBetween(from, to, frame) : null;

  function place(event: PointerEvent): [number, number] {
    const bounds = area.current?.getBoundingClientRect();
    if (!bounds) return [0, 0];
    return [
      ((event.clientX - bounds.left) / bounds.width) * frame.columns,
      ((event.clientY - bounds.top) / bounds.height) * frame.rows,
    ];
  }
  function add(box: Box) {
    change(tool === "mask" ? { keep, masks: [...masks, box] } : { keep: [...keep, box], masks });
  }

  return (
    <Stack gap="xs">
      <Group gap="sm">
        <SegmentedControl
          size="xs"
          aria-label={t("quarantine.draw.label")}
          value={tool}
          onChange={(value) => {
            setTool(value as Tool);
          }}
          data={[
            { value: "mask", label: t("quarantine.draw.mask") },
            { value: "keep", label: t("quarantine.draw.keep") },
          ]}
        />
        <Button
          size="xs"
          variant="default"
          disabled={!keep.length && !masks.length}
          onClick={() => {
            change({ keep: [], masks: [] });
          }}
        >
          {t("quarantine.draw.reset")}
        </Button>
      </Group>
      <Text size="xs" c="dimmed">
        {t("quarantine.draw.hint")}
      </Text>
      <svg
        ref={area}
        role="img"
        aria-label={t("quarantine.canvas")}
        data-testid="draw-boxes"
        viewBox={`0 0 ${frame.columns} ${frame.rows}`}
        style={{ width: "100%", touchAction: "none", cursor: "crosshair", background: "#000", borderRadius: 4 }}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          setFrom(place(event));
          setTo(place(event));
        }}
        onPointerMove={(event) => {
          if (from) setTo(place(event));
        }}
        onPointerUp={() => {
          if (drawn) add(drawn);
          setFrom(null);
          setTo(null);
        }}
        onPointerCancel={() => {
          setFrom(null);
          setTo(null);
        }}
      >
        <image href={picture.address} width={frame.columns} height={frame.rows} onError={picture.onError} />
        {(keep.length ? keep : proposal).map((box) => (
          <Outline key={`k${box.join()}`} box={box} kind="keep" />
        ))}
        {found.map((box) => (
          <Outline key={`f${box.join()}`} box={box} kind="found" />
        ))}
        {masks.map((box) => (
          <Outline key={`m${box.join()}`} box={box} kind="mask" />
        ))}
        {drawn ? <Outline box={drawn} kind={tool} /> : null}
      </svg>
      {picture.problem ? <Failed error={picture.problem} retry={picture.again} compact /> : null}
      <Stack gap={4} role="list" aria-label={t("quarantine.draw.list")}>
        {[...keep.map((box) => ["keep", box] as const), ...masks.map((box) => ["mask", box] as const)].map(
          ([kind, box], index) => (
            <Group key={`${kind}${box.join()}`} gap="xs" role="listitem">
              <Text size="sm">
                {t(kind === "mask" ? "quarantine.draw.maskOne" : "quarantine.draw.keepOne", { box: box.join(", ") })}
              </Text>
              <ActionIcon
                size="sm"
                variant="subtle"
                color="gray"
                aria-label={t("quarantine.draw.remove", { number: index + 1 })}
                onClick={() => {
                  change({ keep: keep.filter((one) => one !== box), masks: masks.filter((one) => one !== box) });
                }}
              >
                <IconTrash size={14} aria-hidden />
              </ActionIcon>
            </Group>
          ),
        )}
      </Stack>
      <TypedBox frame={frame} add={add} />
    </Stack>
  );
}

const LOOKS = {
  keep: { fill: "none", stroke: "#40c057" },
  found: { fill: "none", stroke: "#fab005" },
  mask: { fill: "#000", stroke: "#fa5252" },
} as const;

function Outline({ box, kind }: { box: Box; kind: keyof typeof LOOKS }) {
  const [left, top, right, bottom] = box;
  return (
    <rect
      x={left}
      y={top}
      width={right - left}
      height={bottom - top}
      vectorEffect="non-scaling-stroke"
      strokeWidth={2}
      strokeDasharray={kind === "found" ? "4 3" : undefined}
      {...LOOKS[kind]}
    />
  );
}

/** The same with the keyboard: four numbers. */
function TypedBox({ frame, add }: { frame: Frame; add: (box: Box) => void }) {
  const { t } = useTranslation();
  const [values, setValues] = useState<(number | string)[]>(["", "", "", ""]);
  const numbers = values.map(Number);
  const box = values.every((value) => value !== "")
    ? boxBetween([numbers[0] ?? 0, numbers[1] ?? 0], [numbers[2] ?? 0, numbers[3] ?? 0], frame)
    : null;
  return (
    <Group gap="xs" align="flex-end">
      {(["left", "top", "right", "bottom"] as const).map((side, index) => (
        <NumberInput
          key={side}
          size="xs"
          w={84}
          label={t(`quarantine.draw.${side}`)}
          min={0}
          max={index % 2 ? frame.rows : frame.columns}
          hideControls
          value={values[index]}
          onChange={(value) => {
            setValues(values.map((held, place) => (place === index ? value : held)));
          }}
        />
      ))}
      <Button
        size="xs"
        variant="default"
        disabled={!box}
        onClick={() => {
          if (box) add(box);
          setValues(["", "", "", ""]);
        }}
      >
        {t("quarantine.draw.add")}
      </Button>
    </Group>
  );
}
