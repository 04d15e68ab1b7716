import { Button, Checkbox, Group, MultiSelect, NumberInput, Paper, Select, Stack, Text, Title } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useMe } from "~/api/session";
import { Failed } from "~/ui/states";
import { type ReadKind, readingApi, readingQueries } from "./api";

/** Gives the oldest exams that the filter leaves to one or two readers. */
export function AssignForm() {
  const { t } = useTranslation();
  const me = useMe();
  const client = useQueryClient();
  const readers = useQuery(readingQueries.readers());
  const [kind, setKind] = useState<ReadKind>("quality");
  const [chosen, setChosen] = useState<string[]>([]);
  const [site, setSite] = useState<string | null>(null);
  const [pairs, setPairs] = useState(true);
  const [fresh, setFresh] = useState(true);
  const [limit, setLimit] = useState(20);
  const assign = useMutation({
    mutationFn: () =>
      readingApi.assign({
        kind,
        readers: chosen.map(Number),
        site: site ?? undefined,
        has_pair: pairs,
        unassigned: fresh,
        limit,
      }),
    onSuccess: () => client.invalidateQueries({ queryKey: ["reads"] }),
  });
  return (
    <Paper component="section" aria-labelledby="assign-title">
      <Stack gap="xs">
        <Title order={2} id="assign-title">
          {t("reading.assign.title")}
        </Title>
        <Text size="sm" c="dimmed">
          {t("reading.assign.lead")}
        </Text>
        <Group grow align="flex-start">
          <Select
            label={t("reading.kindLabel")}
            allowDeselect={false}
            value={kind}
            data={(["quality", "stage"] as const).map((value) => ({ value, label: t(`reading.kind.${value}`) }))}
            onChange={(value) => {
              setKind((value ?? "quality") as ReadKind);
            }}
          />
          <NumberInput
            label={t("reading.assign.limit")}
            min={1}
            max={500}
            value={limit}
            onChange={(value) => {
              setLimit(Math.min(500, Math.max(1, Number(value) || 1)));
            }}
          />
        </Group>
        <MultiSelect
          label={t("reading.assign.readers")}
          maxValues={2}
          searchable
          value={chosen}
          data={(readers.data ?? []).map((reader) => ({
            value: String(reader.id),
            label: t("reading.assign.reader", { name: reader.name, count: reader.open }),
          }))}
          onChange={setChosen}
        />
        {me.sites.length > 1 ? (
          <Select
            label={t("common.site")}
            clearable
            placeholder={t("common.any")}
            value={site}
            data={me.sites.map((one) => ({ value: one.code, label: `${one.code} ${one.name}` }))}
            onChange={setSite}
          />
        ) : null}
        <Checkbox
          label={t("reading.assign.pairs")}
          checked={pairs}
          onChange={(event) => {
            setPairs(event.currentTarget.checked);
          }}
        />
        <Checkbox
          label={t("reading.assign.fresh")}
          checked={fresh}
          onChange={(event) => {
            setFresh(event.currentTarget.checked);
          }}
        />
        <Group>
          <Button
            disabled={!chosen.length}
            loading={assign.isPending}
            onClick={() => {
              assign.mutate();
            }}
          >
            {t("reading.assign.action")}
          </Button>
          {assign.data ? (
            <Text size="sm" role="status">
              {t("reading.assign.made", { exams: assign.data.exams, made: assign.data.made })}
            </Text>
          ) : null}
        </Group>
        {assign.error ?? readers.error ? <Failed error={assign.error ?? readers.error} compact /> : null}
      </Stack>
    </Paper>
  );
}
