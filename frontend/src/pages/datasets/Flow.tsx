import { Button, Group, Stack, Text } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { type ReactNode, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { type FlowStep, type StageCounts, STAGES } from "~/api/types";
import { lookUp } from "~/i18n";
import { STAGE_COLOURS } from "~/theme";
import { download, downloadCsv } from "~/ui/csv";
import { useFormats } from "~/ui/formats";
import { Failed } from "~/ui/states";
import { type FlowBox, layOut, TEXT } from "./flowLayout";
import { pngOf, svgOf } from "./flowPicture";

interface FlowProps {
  steps: readonly FlowStep[];
  byStage?: StageCounts;
  /** Opens the list behind a number; without it, the numbers are only read. */
  open?: (step: string) => void;
  addressOf?: (step: string) => string;
}

/** A STARD flow: who was looked at, who was left out and why, who is in, and of which stage. */
export function Flow({ steps, byStage, open, addressOf }: FlowProps) {
  const { t } = useTranslation();
  const format = useFormats();
  const drawing = useRef<SVGSVGElement>(null);
  const [error, setError] = useState<unknown>(null);
  const nameOf = (step: string) => lookUp(`datasets.flow.step.${step}`) ?? step;
  const layout = layOut(steps, byStage, {
    name: nameOf,
    size: (step) =>
      t("datasets.flow.size", { patients: format.count(step.patients), images: format.count(step.images) }),
    excluded: (patients) => `${t("records.flow.excluded")} (n = ${format.count(patients)})`,
    reason: (step) => `${nameOf(step.step)} (n = ${format.count(step.patients)})`,
    stage: (stage, patients) => `${stage}: ${format.count(patients)}`,
  });

  async function keep(kind: "svg" | "png" | "csv") {
    if (kind === "csv") {
      downloadCsv(
        "flow.csv",
        [t("records.flow.step"), t("records.flow.kind"), t("datasets.patients"), t("records.images")],
        steps.map((step) => [
          nameOf(step.step),
          step.excluded ? t("records.flow.excluded") : "",
          step.patients,
          step.images,
        ]),
      );
      return;
    }
    if (!drawing.current) return;
    setError(null);
    try {
      download(`flow.${kind}`, kind === "svg" ? svgOf(drawing.current) : await pngOf(drawing.current));
    } catch (problem) {
      setError(problem);
    }
  }

  return (
    <Stack gap="xs" data-testid="flow">
      <svg
        ref={drawing}
        viewBox={`0 0 ${String(layout.width)} ${String(layout.height)}`}
        role="group"
        aria-label={t("datasets.flow.title")}
        style={{ width: "100%", maxWidth: `${String((1.15 * layout.width) / 16)}rem`, fontSize: 13.5 }}
      >
        <defs>
          <marker id="flow-head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto">
            <path d="M0 0L8 4L0 8z" fill="var(--mantine-color-dimmed)" />
          </marker>
        </defs>
        {layout.arrows.map((arrow) => (
          <path
            key={arrow.join()}
            d={`M${String(arrow[0])} ${String(arrow[1])}L${String(arrow[2])} ${String(arrow[3])}`}
            stroke="var(--mantine-color-dimmed)"
            strokeWidth={1.4}
            fill="none"
            markerEnd="url(#flow-head)"
          />
        ))}
        {layout.boxes.map((box) => (
          <Box key={box.step} box={box} link={(step, content) => linked(step, content)} />
        ))}
      </svg>
      {layout.boxes.some((box) => box.step === "excluded") ? null : (
        <Text size="sm" c="dimmed">
          {t("datasets.flow.nobodyExcluded")}
        </Text>
      )}
      <Group gap="xs" role="group" aria-label={t("records.flow.keep")}>
        {(["svg", "png", "csv"] as const).map((kind) => (
          <Button
            key={kind}
            size="compact-xs"
            variant="default"
            leftSection={<IconDownload size={13} aria-hidden />}
            onClick={() => void keep(kind)}
          >
            {kind.toUpperCase()}
          </Button>
        ))}
      </Group>
      {error ? <Failed error={error} compact /> : null}
    </Stack>
  );

  function linked(step: string, content: ReactNode): ReactNode {
    if (!open || !addressOf || !steps.some((one) => one.step === step)) return content;
    return (
      <a
        href={addressOf(step)}
        data-step={step}
        onClick={(event) => {
          if (event.metaKey || event.ctrlKey || event.shiftKey || event.button) return;
          event.preventDefault();
          open(step);
        }}
      >
        {content}
      </a>
    );
  }
}

function Box({ box, link }: { box: FlowBox; link: (step: string, content: ReactNode) => ReactNode }) {
  const stage = STAGES.find((one) => one === box.step);
  const line = (index: number) => box.y + TEXT.padding + (index + 0.75) * TEXT.line;
  const groups = box.lines.reduce<{ step: string; lines: { text: string; bold?: boolean; index: number }[] }[]>(
    (found, { text, step, bold }, index) => {
      const own = step ?? box.step;
      const last = found.at(-1);
      if (last?.step === own) last.lines.push({ text, bold, index });
      else found.push({ step: own, lines: [{ text, bold, index }] });
      return found;
    },
    [],
  );
  return (
    <g>
      <rect
        x={box.x}
        y={box.y}
        width={box.width}
        height={box.height}
        rx={5}
        fill="var(--panel)"
        stroke="var(--mantine-color-dimmed)"
      />
      {stage ? (
        <rect x={box.x} y={box.y + box.height - 4} width={box.width} height={4} rx={2} fill={STAGE_COLOURS[stage]} />
      ) : null}
      {groups.map(({ step, lines }) => (
        <g key={`${step}${String(lines[0]?.index)}`}>
          {link(
            step,
            <text x={box.x + TEXT.padding} fill="var(--mantine-color-text)" className="flow-words">
              {lines.map(({ text, bold, index }) => (
                <tspan key={index} x={box.x + TEXT.padding} y={line(index)} fontWeight={bold ? 650 : 400}>
                  {text}
                </tspan>
              ))}
            </text>,
          )}
        </g>
      ))}
    </g>
  );
}
