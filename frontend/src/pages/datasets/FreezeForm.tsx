import { Button, Checkbox, Grid, Group, MultiSelect, NumberInput, Stack, Text, Textarea, TextInput, Title } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "~/api/endpoints";
import { ApiProblem } from "~/api/problem";
import { queries } from "~/api/queries";
import { segmenterQueries } from "~/api/segmenters";
import { useMe } from "~/api/session";
import type { DatasetPreview } from "~/api/types";
import { Dialog } from "~/ui/Dialog";
import { Failed, FailureAlert, Loading } from "~/ui/states";
import { Flow } from "./Flow";
import { StageTable } from "./StageTable";

const PARTS = ["train", "validation", "test"] as const;

/** Names a version and shows, before anything is written, who would be in it and who not. */
export function FreezeForm({ opened, close }: { opened: boolean; close: () => void }) {
  const { t } = useTranslation();
  return (
    <Dialog opened={opened} close={close} size="min(1060px, 94vw)" title={t("datasets.freeze.title")}>
      <Form close={close} />
    </Dialog>
  );
}

function Form({ close }: { close: () => void }) {
  const { t } = useTranslation();
  const me = useMe();
  const navigate = useNavigate();
  const client = useQueryClient();
  const [name, setName] = useState("");
  const [note, setNote] = useState("");
  const [seed, setSeed] = useState<number | string>(0);
  const [sites, setSites] = useState<string[]>([]);
  const [liver, setLiver] = useState(false);
  const splitSeed = typeof seed === "number" ? seed : 0;
  const preview = useQuery(queries.preview({ sites: sites.join(","), split_seed: splitSeed }));
  const freeze = useMutation({
    mutationFn: () => api.freezeDataset({ name: name.trim(), note, split_seed: splitSeed, sites, crop: liver ? "liver" : "region" }),
    onSuccess: async (dataset) => {
      await client.invalidateQueries({ queryKey: ["datasets", "list"] });
      close();
      await navigate({ to: "/datasets/$datasetId", params: { datasetId: dataset.id } });
    },
  });
  const fieldErrors = freeze.error instanceof ApiProblem ? freeze.error.errors : {};
  const obstacles = preview.data?.obstacles ?? [];

  function submit(event: FormEvent) {
    event.preventDefault();
    freeze.mutate();
  }

  return (
    <form onSubmit={submit}>
      <Grid gap="lg">
        <Grid.Col span={{ base: 12, sm: 4 }}>
          <Stack gap="sm">
            <TextInput
              label={t("datasets.name")}
              description={t("datasets.freeze.nameHint")}
              required
              maxLength={80}
              data-autofocus
              value={name}
              error={fieldErrors.name?.join(" ")}
              onChange={(event) => {
                setName(event.currentTarget.value);
              }}
            />
            <Textarea
              label={t("datasets.note")}
              autosize
              minRows={2}
              value={note}
              onChange={(event) => {
                setNote(event.currentTarget.value);
              }}
            />
            {me.sites.length > 1 ? (
              <MultiSelect
                label={t("datasets.sites")}
                description={t("datasets.freeze.sitesHint")}
                data={me.sites.map((site) => ({ value: site.code, label: `${site.code} ${site.name}` }))}
                value={sites}
                onChange={setSites}
                clearable
              />
            ) : null}
            <NumberInput
              label={t("datasets.splitSeed")}
              description={t("datasets.freeze.seedHint")}
              min={0}
              max={2 ** 31 - 1}
              allowDecimal={false}
              value={seed}
              onChange={setSeed}
            />
            <LiverCrop checked={liver} change={setLiver} />
            {freeze.error ? <Failed error={freeze.error} compact /> : null}
            <Group justify="flex-end">
              <Button variant="default" onClick={close}>
                {t("common.notNow")}
              </Button>
              <Button
                type="submit"
                loading={freeze.isPending}
                disabled={!name.trim() || !preview.data || obstacles.length > 0}
              >
                {t("datasets.freeze.submit")}
              </Button>
            </Group>
          </Stack>
        </Grid.Col>
        <Grid.Col span={{ base: 12, sm: 8 }}>
          <Title order={3} mb="xs">
            {t("datasets.freeze.preview")}
          </Title>
          {preview.isPending ? <Loading rows={4} /> : null}
          {preview.error ? <Failed error={preview.error} retry={() => void preview.refetch()} /> : null}
          {preview.data ? <Preview preview={preview.data} /> : null}
        </Grid.Col>
      </Grid>
    </form>
  );
}

/** Offered where a segmenter is in use. */
function LiverCrop({ checked, change }: { checked: boolean; change: (liver: boolean) => void }) {
  const { t } = useTranslation();
  const segmenters = useQuery(segmenterQueries.list());
  const active = segmenters.data?.results.find((one) => one.active);
  return (
    <Checkbox
      label={t("segmenters.cropLabel")}
      description={active ? t("segmenters.cropHint", { name: active.name }) : t("segmenters.cropNone")}
      disabled={!active}
      checked={checked}
      onChange={(event) => {
        change(event.currentTarget.checked);
      }}
    />
  );
}

function Preview({ preview }: { preview: DatasetPreview }) {
  const { t } = useTranslation();
  return (
    <Stack gap="sm" data-testid="freeze-preview">
      {preview.obstacles.map((obstacle) => (
        <FailureAlert key={obstacle.code} failure={obstacle} compact />
      ))}
      <Flow steps={preview.flow ?? []} />
      {preview.by_split ? (
        <StageTable
          caption={t("datasets.bySplit")}
          first={t("datasets.part")}
          rows={PARTS.map((part) => ({ name: t(`datasets.split.${part}`), counts: preview.by_split?.[part] }))}
        />
      ) : null}
      <Text size="xs" c="dimmed">
        {t("datasets.strict")}
      </Text>
    </Stack>
  );
}
