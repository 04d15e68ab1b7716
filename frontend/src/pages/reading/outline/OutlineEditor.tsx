import { Alert, Box, Button, Grid, Group, Paper, Stack, Text, VisuallyHidden } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type KeyboardEvent, useId, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiProblem } from "~/api/problem";
import { useCan } from "~/api/session";
import type { ImageRow } from "~/api/types";
import { useFormats } from "~/ui/formats";
import { Failed } from "~/ui/states";
import { stepped } from "~/viewer/cine";
import { afterCommand } from "~/viewer/commands";
import { FrameCanvas } from "~/viewer/FrameCanvas";
import type { Command } from "~/viewer/hotkeys";
import { boxOf } from "~/viewer/region";
import { ScaleBar } from "~/viewer/ScaleBar";
import { useFrame } from "~/viewer/useFrame";
import { NEUTRAL, type Size } from "~/viewer/view";
import { readingApi } from "../api";
import { painted } from "./brush";
import { ConflictDialog } from "./ConflictDialog";
import { EditorHelp } from "./EditorHelp";
import { FinishButton } from "./FinishButton";
import { areaOf, clamped, encloses, isSimple } from "./geometry";
import { type EditorCommand, editorCommandOf, MOVES, type Tool, TOOLS } from "./keys";
import { OutlineFiles } from "./OutlineFiles";
import { OutlineOverlay, type Selection } from "./OutlineOverlay";
import { RevisionList } from "./RevisionList";
import type { Outline } from "./saver";
import { SavingLine } from "./SavingLine";
import { ToolBar } from "./ToolBar";
import { useOutline } from "./useOutline";

interface EditorProps {
  image: ImageRow;
  frame: number;
  /** As the server had it when the page was opened; null: none, or no network. */
  first: Outline | null;
  show: (next: { image?: string; frame?: number }) => void;
  /** Begins anew from what the server has now. */
  again: () => Promise<void>;
}

const RADIUS = { least: 2, first: 14, most: 120, step: 1.25 };

export function OutlineEditor({ image, frame, first, show, again }: EditorProps) {
  const { t } = useTranslation();
  const format = useFormats();
  const can = useCan();
  const client = useQueryClient();
  const mayDraw = can("outlines.create");
  const hand = useOutline(image.id, frame, first);
  const { draft, draw } = hand;
  const [view, setView] = useState(NEUTRAL);
  const [tool, setTool] = useState<Tool>(mayDraw ? "polygon" : "view");
  const [radius, setRadius] = useState(RADIUS.first);
  const [selected, select] = useState<Selection | null>(null);
  const [helping, setHelping] = useState(false);
  const [choosing, setChoosing] = useState(true);
  const [notice, setNotice] = useState<string | null>(null);
  const hint = useId();
  const { bitmap, failed } = useFrame(image, frame);
  const box = useMemo(() => boxOf(image), [image]);
  const crossing = draft.polygons.some((polygon) => !isSimple(polygon));
  const share = draft.polygons.reduce((sum, polygon) => sum + areaOf(polygon), 0) / (box.width * box.height);

  const propose = useMutation({
    mutationFn: () => readingApi.propose(image.id, frame),
    onSuccess: (proposal) => {
      if (proposal.polygons?.length) hand.show(proposal.polygons, "proposal", { proposal: proposal.id });
      setNotice(
        proposal.polygons?.length
          ? t("outline.proposal.by", { name: proposal.segmenter?.name ?? "–" })
          : t("outline.proposal.empty"),
      );
    },
  });
  const absent = propose.error instanceof ApiProblem && ["no-segmenter", "not-found"].includes(propose.error.code);
  const finish = useMutation({
    mutationFn: async () => {
      if (!(await hand.flush())) return null;
      const saved = await readingApi.outlines({ image: image.id, frame });
      const outline = saved.results[0] ?? (await readingApi.saveOutline({ image: image.id, frame, polygons: [], made_from: 0, origin: "polygon" }));
      return readingApi.finaliseOutline(outline.id, outline.revision);
    },
    onSuccess: (outline) => {
      if (outline) hand.moved(outline);
      void client.invalidateQueries({ queryKey: ["outlines"] });
    },
  });

  function closePolygon() {
    if (encloses(draft.open)) draw({ polygons: [...draft.polygons, draft.open], open: [], origin: "polygon" });
  }

  function remove() {
    if (draft.open.length) draw({ open: draft.open.slice(0, -1) });
    else if (selected) {
      const polygon = draft.polygons[selected.polygon];
      const fewer = polygon?.filter((_, index) => index !== selected.corner) ?? [];
      const keeps = selected.corner !== null && encloses(fewer);
      draw({ polygons: keeps ? draft.polygons.with(selected.polygon, fewer) : draft.polygons.filter((_, index) => index !== selected.polygon) });
      select(null);
    }
  }

  function step(command: "nextCorner" | "nextPolygon") {
    const count = draft.polygons.length;
    if (!count) return;
    setTool("edit");
    const polygon = selected ? (command === "nextPolygon" ? (selected.polygon + 1) % count : selected.polygon) : 0;
    const corners = draft.polygons[polygon]?.length ?? 1;
    const corner = command === "nextCorner" ? (selected?.corner === null || !selected ? 0 : (selected.corner + 1) % corners) : 0;
    select({ polygon, corner });
  }

  function nudge([dx, dy]: readonly [number, number]) {
    const polygon = selected ? draft.polygons[selected.polygon] : undefined;
    if (!selected || !polygon) return;
    const moved = polygon.map(([x, y], index) =>
      selected.corner === null || selected.corner === index ? clamped({ x: x + dx, y: y + dy }, image) : ([x, y] as [number, number]),
    );
    if (encloses(moved)) draw({ polygons: draft.polygons.with(selected.polygon, moved), origin: "polygon" });
  }

  function run(command: EditorCommand): void {
    const move = MOVES[command];
    if (move) nudge(move);
    else if ((TOOLS as readonly string[]).includes(command)) setTool(command as Tool);
    else if (command === "smaller") setRadius(Math.max(RADIUS.least, radius / RADIUS.step));
    else if (command === "larger") setRadius(Math.min(RADIUS.most, radius * RADIUS.step));
    else if (command === "closePolygon") closePolygon();
    else if (command === "cancelPolygon") {
      if (draft.open.length) draw({ open: [] });
      select(null);
    } else if (command === "remove") remove();
    else if (command === "undo") hand.undo();
    else if (command === "redo") hand.redo();
    else if (command === "nextCorner" || command === "nextPolygon") step(command);
    else if (command === "propose") propose.mutate();
    else if (draft.polygons.length) finish.mutate(); // that a frame shows no liver is said by the button only
  }

  function key(event: KeyboardEvent) {
    const command = editorCommandOf(event);
    if (!command || (!mayDraw && command !== "view")) return;
    event.preventDefault();
    event.stopPropagation();
    run(command);
  }

  function look(command: Command, canvas: Size) {
    if (command === "previousFrame") show({ frame: stepped(frame, -1, image.frame_count) });
    else if (command === "nextFrame") show({ frame: stepped(frame, 1, image.frame_count) });
    else setView(afterCommand(view, command, box, canvas));
  }

  return (
    <Grid gap="sm">
      <Grid.Col span={{ base: 12, md: 9 }}>
        <Paper p={0} style={{ overflow: "hidden" }} onKeyDownCapture={key}>
          <ToolBar
            tool={tool}
            choose={setTool}
            radius={radius}
            setRadius={setRadius}
            limits={RADIUS}
            hand={hand}
            mayDraw={mayDraw}
            help={() => {
              setHelping(true);
            }}
          />
          <Box
            pos="relative"
            h="clamp(20rem, calc(100dvh - 16.75rem), 87.5rem)"
            bg="black"
            data-testid="outline-editor"
            data-phase={hand.saving.phase}
            data-revision={hand.saving.revision}
            data-ready={bitmap !== null}
          >
            <FrameCanvas bitmap={bitmap} box={box} view={view} label={t("outline.label")} describedBy={hint} change={setView} command={look}>
              <OutlineOverlay
                draft={draft}
                tool={mayDraw ? tool : "view"}
                radius={radius}
                view={view}
                box={box}
                frame={image}
                selected={selected}
                select={select}
                draw={draw}
              />
            </FrameCanvas>
            <ScaleBar image={image} view={view} box={box} />
            <VisuallyHidden id={hint}>{t("outline.mouse")}</VisuallyHidden>
          </Box>
        </Paper>
        {failed ? (
          <Text size="sm" mt={4}>
            {t("viewer.failed")}
          </Text>
        ) : null}
      </Grid.Col>
      <Grid.Col span={{ base: 12, md: 3 }}>
        <Stack gap="sm">
          <Paper>
            <Stack gap="xs">
              <SavingLine
                saving={hand.saving}
                empty={!draft.polygons.length && !hand.saving.revision}
                choose={() => {
                  setChoosing(true);
                }}
              />
              <Text size="sm" c="dimmed">
                {t("outline.polygons", { count: draft.polygons.length })} · {t("outline.area", { share: format.percent(share) })}
              </Text>
              {crossing ? (
                <Alert color="yellow" p="xs" styles={{ message: { color: "var(--mantine-color-text)" } }}>
                  <Text size="sm">{t("outline.crossing")}</Text>
                  <Button
                    size="compact-xs"
                    variant="default"
                    mt={4}
                    onClick={() => {
                      draw({ polygons: painted(draft.polygons, null, image), origin: "brush" });
                    }}
                  >
                    {t("outline.tidy")}
                  </Button>
                </Alert>
              ) : null}
              {notice ? (
                <Text size="sm" role="status">
                  {notice}
                </Text>
              ) : null}
              {mayDraw ? (
                <Group gap="xs">
                  <FinishButton empty={!draft.polygons.length} busy={finish.isPending} blocked={crossing || hand.saving.phase === "conflict"} finish={finish.mutate} />
                  <Button
                    variant="default"
                    loading={propose.isPending}
                    onClick={() => {
                      propose.mutate();
                    }}
                  >
                    {t("outline.proposal.action")}
                  </Button>
                </Group>
              ) : null}
              {absent ? <Text size="sm">{t("outline.proposal.none")}</Text> : propose.error ? <Failed error={propose.error} compact /> : null}
              {finish.error ? <Failed error={finish.error} compact /> : null}
              {hand.left.map(({ name, entry }) => (
                <Alert key={name} color="blue" p="xs" title={t("outline.left.title")}>
                  <Text size="sm">{t("outline.left.text", { when: format.moment(entry.at) })}</Text>
                  <Button
                    size="compact-xs"
                    variant="default"
                    onClick={() => {
                      hand.takeLeft(name, entry);
                    }}
                  >
                    {t("outline.left.action")}
                  </Button>
                </Alert>
              ))}
            </Stack>
          </Paper>
          <RevisionList image={image.id} frame={frame} revision={hand.saving.revision} show={mayDraw ? hand.show : undefined} />
          <OutlineFiles
            image={image}
            frame={frame}
            mayDraw={mayDraw}
            revision={hand.saving.revision}
            open={(polygons, layout, algorithm) => {
              hand.show(polygons, "import", { algorithm });
              setNotice(t("outline.files.imported", { layout }));
            }}
            show={show}
            again={again}
          />
        </Stack>
      </Grid.Col>
      <EditorHelp
        opened={helping}
        close={() => {
          setHelping(false);
        }}
      />
      <ConflictDialog
        image={image}
        frame={frame}
        saving={hand.saving}
        mine={draft.polygons}
        opened={choosing && hand.saving.phase === "conflict"}
        close={() => {
          setChoosing(false);
        }}
        resolve={hand.resolve}
      />
    </Grid>
  );
}
