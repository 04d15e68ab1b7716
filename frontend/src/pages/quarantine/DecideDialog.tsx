import {
  Alert,
  Button,
  Checkbox,
  Grid,
  Group,
  Select,
  SegmentedControl,
  SimpleGrid,
  Slider,
  Stack,
  Text,
  Textarea,
  TextInput,
} from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, type DecisionBody } from "~/api/endpoints";
import { queries } from "~/api/queries";
import type { QuarantineItem } from "~/api/types";
import { Dialog } from "~/ui/Dialog";
import { isReason } from "~/ui/Reasoned";
import { Failed } from "~/ui/states";
import { asBoxes, type Box, padded } from "./boxes";
import { DrawBoxes } from "./DrawBoxes";
import { afterAddress, beforeAddress, Picture, Strip } from "./Pictures";

const MOST_ALIKE = 49;

interface DecideDialogProps {
  item: QuarantineItem;
  close: () => void;
  decided: (done: number, failed: number) => void;
}

/** One file as it came and as it would be stored; boxes, band, reason; and the same for others of its layout. */
export function DecideDialog({ item, close, decided }: DecideDialogProps) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const look = item.look;
  const shown = look?.shown_frames[0] ?? 0;
  const [frame, setFrame] = useState(shown);
  const [boxes, setBoxes] = useState<{ keep: Box[]; masks: Box[] }>({ keep: [], masks: [] });
  const [band, setBand] = useState<string>("");
  const [conflict, setConflict] = useState<string>("");
  const [patient, setPatient] = useState("");
  const [reason, setReason] = useState("");
  const [chosen, setChosen] = useState<string[]>([]);
  const [removing, setRemoving] = useState(false);
  const alike = useQuery({
    ...queries.quarantine({ state: "waiting", layout: item.layout, page_size: MOST_ALIKE + 1 }),
    enabled: Boolean(item.layout && look && item.state === "waiting"),
  });
  const others = (alike.data?.results ?? []).filter((one) => one.id !== item.id && one.code === item.code);
  const found = asBoxes((look?.text ?? []).map((one) => one.box));
  const decide = useMutation({
    mutationFn: (action: DecisionBody["action"]) =>
      api.decideQuarantine({
        items: [item.id, ...chosen],
        action,
        reason,
        keep: action === "remove" ? [] : boxes.keep,
        masks: action === "mask" ? boxes.masks : [],
        band: band as DecisionBody["band"],
        conflict: conflict as DecisionBody["conflict"],
        patient,
      }),
    onSuccess: ({ results }) => {
      const failed = results.filter((one) => one.problem).length;
      for (const key of ["quarantine", "exams", "uploads"]) void client.invalidateQueries({ queryKey: [key] });
      decided(results.length - failed, failed);
    },
  });
  const said = isReason(reason);
  const readable = look !== null && item.has_original && item.state === "waiting";
  const ready = said && readable && (item.code !== "conflict" || conflict !== "");
  const size = look ? { rows: look.rows, columns: look.columns } : null;

  return (
    <Dialog opened close={close} title={t("quarantine.dialog")} size="min(1280px, 96vw)">
      <Stack gap="sm" data-testid="decide-dialog">
        {readable && size ? (
          <Grid>
            <Grid.Col span={{ base: 12, md: 6 }}>
              <DrawBoxes
                source={beforeAddress(item.id, frame)}
                frame={size}
                proposal={asBoxes(look.proposal)}
                found={found}
                {...boxes}
                change={setBoxes}
              />
              {found.length ? (
                <Button
                  mt="xs"
                  size="xs"
                  variant="default"
                  onClick={() => {
                    setBoxes({ ...boxes, masks: [...boxes.masks, ...padded(found, 3, size)] });
                  }}
                >
                  {t("quarantine.draw.fromText")}
                </Button>
              ) : null}
            </Grid.Col>
            <Grid.Col span={{ base: 12, md: 6 }}>
              <Stack gap="xs">
                <SimpleGrid cols={item.rival ? 2 : 1} spacing="xs">
                  <Stack gap={4} justify="space-between">
                    <Text size="sm" fw={600}>
                      {t("quarantine.result")}
                    </Text>
                    <Picture
                      source={afterAddress(item.id, frame, boxes)}
                      alt={t("quarantine.after", { frame: frame + 1 })}
                      data-testid="after-picture"
                    />
                  </Stack>
                  {item.rival ? (
                    <Stack gap={4} justify="space-between">
                      <Text size="sm" fw={600}>
                        {t("quarantine.conflict.label")}
                      </Text>
                      <Picture
                        source={`/api/v1/images/${item.rival}/frames/0/rendered/`}
                        alt={t("quarantine.conflict.label")}
                        data-testid="rival-picture"
                      />
                    </Stack>
                  ) : null}
                </SimpleGrid>
                {look.frames > 1 ? (
                  <Slider
                    min={0}
                    max={look.frames - 1}
                    value={frame}
                    onChange={setFrame}
                    thumbLabel={t("quarantine.frame")}
                    label={(value) => String(value + 1)}
                  />
                ) : null}
                <Text size="xs" c="dimmed">
                  {boxes.keep.length ? null : t(`quarantine.source.${look.proposal_source}`)}
                </Text>
                <Select
                  label={t("quarantine.band.label")}
                  size="xs"
                  allowDeselect={false}
                  value={band || "auto"}
                  onChange={(value) => {
                    setBand(value === "auto" ? "" : (value ?? ""));
                  }}
                  data={[
                    { value: "auto", label: `${t("quarantine.band.auto")}${look.band ? ` (${look.band})` : ""}` },
                    { value: "HF", label: "HF" },
                    { value: "LF", label: "LF" },
                    { value: "ask", label: t("quarantine.band.ask") },
                  ]}
                />
                {item.code === "conflict" ? (
                  <SegmentedControl
                    aria-label={t("quarantine.conflict.label")}
                    value={conflict}
                    onChange={setConflict}
                    data={[
                      { value: "both", label: t("quarantine.conflict.both") },
                      { value: "replace", label: t("quarantine.conflict.replace") },
                    ]}
                  />
                ) : null}
                {item.code === "no-identity" ? (
                  <TextInput
                    size="xs"
                    label={t("quarantine.patient")}
                    description={t("quarantine.patientHint")}
                    value={patient}
                    onChange={(event) => {
                      setPatient(event.currentTarget.value);
                    }}
                  />
                ) : null}
              </Stack>
            </Grid.Col>
          </Grid>
        ) : (
          <Alert color="gray">{t("quarantine.noPicture")}</Alert>
        )}
        {others.length && readable ? (
          <Stack gap="xs">
            <Checkbox
              label={t("quarantine.alike", { count: others.length })}
              checked={chosen.length === others.length}
              indeterminate={chosen.length > 0 && chosen.length < others.length}
              onChange={(event) => {
                setChosen(event.currentTarget.checked ? others.map((one) => one.id) : []);
              }}
            />
            <Text size="xs" c="dimmed">
              {t("quarantine.alikeHint")}
            </Text>
            <Group gap="md" align="flex-start">
              {others.map((one, index) => (
                <Stack key={one.id} gap={4}>
                  <Strip item={one} boxes={{ keep: boxes.keep.length ? boxes.keep : asBoxes(look.proposal), masks: boxes.masks }} />
                  <Checkbox
                    size="xs"
                    label={t("quarantine.include", { number: index + 1 })}
                    checked={chosen.includes(one.id)}
                    onChange={(event) => {
                      setChosen(
                        event.currentTarget.checked ? [...chosen, one.id] : chosen.filter((id) => id !== one.id),
                      );
                    }}
                  />
                </Stack>
              ))}
            </Group>
          </Stack>
        ) : null}
        <Textarea
          label={t("quarantine.why")}
          description={t("quarantine.whyHint")}
          required
          autosize
          maxLength={500}
          value={reason}
          onChange={(event) => {
            setReason(event.currentTarget.value);
          }}
        />
        {decide.error ? <Failed error={decide.error} compact /> : null}
        {removing ? (
          <Alert color="red" title={t("quarantine.action.remove")}>
            <Text size="sm">{t("quarantine.removeAsk")}</Text>
            <Group mt="xs">
              <Button
                color="red"
                size="xs"
                loading={decide.isPending}
                onClick={() => {
                  decide.mutate("remove");
                }}
              >
                {t("quarantine.action.remove")}
              </Button>
              <Button
                size="xs"
                variant="default"
                onClick={() => {
                  setRemoving(false);
                }}
              >
                {t("common.notNow")}
              </Button>
            </Group>
          </Alert>
        ) : null}
        <Group justify="space-between">
          <Button
            variant="default"
            disabled={!said || removing}
            onClick={() => {
              setRemoving(true);
            }}
          >
            {t("quarantine.action.remove")}
          </Button>
          <Button
            disabled={!ready}
            loading={decide.isPending && !removing}
            onClick={() => {
              decide.mutate(boxes.masks.length ? "mask" : "release");
            }}
          >
            {t(boxes.masks.length ? "quarantine.action.mask" : "quarantine.action.release")}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}
