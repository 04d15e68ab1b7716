import { Button, Checkbox, FileInput, Group, MultiSelect, Stack, Text, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { segmenterQueries, segmenters } from "~/api/segmenters";
import { useMe } from "~/api/session";
import type { JsonSchema } from "~/api/types";
import { SchemaForm } from "~/forms/SchemaForm";
import { refusedFields, useSchemaForm } from "~/forms/useSchemaForm";
import { Dialog } from "~/ui/Dialog";
import { Failed, Loading } from "~/ui/states";

/** What to train from (outlined images in a zip, the outlines drawn here, or both) and the training's options. */
export function TrainForm({ opened, close }: { opened: boolean; close: () => void }) {
  const { t } = useTranslation();
  const form = useQuery({ ...segmenterQueries.schema(), enabled: opened });
  return (
    <Dialog opened={opened} close={close} size="min(560px, 94vw)" title={t("segmenters.form.title")}>
      {form.error ? <Failed error={form.error} retry={() => void form.refetch()} /> : null}
      {form.data ? <Form schema={form.data} close={close} /> : null}
      {form.isPending ? <Loading rows={4} /> : null}
    </Dialog>
  );
}

function Form({ schema, close }: { schema: JsonSchema; close: () => void }) {
  const { t } = useTranslation();
  const me = useMe();
  const navigate = useNavigate();
  const client = useQueryClient();
  const [name, setName] = useState("");
  const [archive, setArchive] = useState<File | null>(null);
  const [outlines, setOutlines] = useState(false);
  const [sites, setSites] = useState<string[]>([]);
  const options = useSchemaForm(schema);
  const material = useQuery(segmenterQueries.material(sites));
  const train = useMutation({
    mutationFn: () => segmenters.train({ name: name.trim(), archive, outlines, sites, options: options.sent }),
    onSuccess: async (segmenter) => {
      await client.invalidateQueries({ queryKey: ["segmenters"] });
      close();
      await navigate({ to: "/segmenters/$segmenterId", params: { segmenterId: segmenter.id } });
    },
  });
  const refused = refusedFields(train.error, "options");
  const wrong = (field: string) => refused[field]?.join(" ");
  const drawn = material.data?.outlines ?? 0;
  const enough = archive !== null || (outlines && drawn >= (material.data?.fewest ?? 0));

  function submit(event: FormEvent) {
    event.preventDefault();
    train.mutate();
  }

  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="sm">
        <TextInput
          label={t("segmenters.name")}
          required
          maxLength={120}
          data-autofocus
          value={name}
          error={wrong("name")}
          onChange={(event) => {
            setName(event.currentTarget.value);
          }}
        />
        <FileInput
          label={t("segmenters.form.archive")}
          description={t("segmenters.form.archiveHint")}
          placeholder={t("segmenters.form.choose")}
          accept=".zip,application/zip"
          clearable
          styles={{ placeholder: { color: "var(--mantine-color-text)" } }}
          value={archive}
          error={wrong("archive")}
          onChange={setArchive}
        />
        <Checkbox
          label={t("segmenters.form.outlines", { count: drawn })}
          description={t("segmenters.form.outlinesHint", { count: material.data?.fewest ?? 0 })}
          disabled={drawn === 0}
          checked={outlines}
          onChange={(event) => {
            setOutlines(event.currentTarget.checked);
          }}
        />
        {me.sites.length > 1 ? (
          <MultiSelect
            label={t("datasets.sites")}
            description={t("segmenters.form.sitesHint")}
            data={me.sites.map((site) => ({ value: site.code, label: `${site.code} ${site.name}` }))}
            value={sites}
            onChange={setSites}
            clearable
          />
        ) : null}
        <SchemaForm
          fields={options.fields}
          values={options.values}
          change={options.change}
          errors={options.errors}
          refused={refused}
          dictionary="segmenterSpec"
        />
        <Text size="xs" c="dimmed">
          {t("segmenters.form.privacy")}
        </Text>
        {train.error ? <Failed error={train.error} compact /> : null}
        <Group justify="flex-end">
          <Button variant="default" onClick={close}>
            {t("common.notNow")}
          </Button>
          <Button type="submit" loading={train.isPending} disabled={!name.trim() || !enough || Object.keys(options.errors).length > 0}>
            {t("segmenters.train")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
