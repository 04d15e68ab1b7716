import { Button, Group, Progress, Select, Stack, Text } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useEffect, useMemo, useState, useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";
import { queries } from "~/api/queries";
import { useMe } from "~/api/session";
import type { Band, FileResult } from "~/api/types";
import { useFormats } from "~/ui/formats";
import { Page } from "~/ui/Page";
import { Failed, Loading } from "~/ui/states";
import { isBusy, shareSent } from "~/upload/queue";
import { uploads } from "~/upload/send";
import { DropZone } from "./DropZone";
import { EarlierUploads } from "./EarlierUploads";
import { FileTable } from "./FileTable";
import { rowsOfItems, rowsOfResults } from "./rows";
import { TouchedExams } from "./TouchedExams";

const route = getRouteApi("/shell/upload");

export function UploadPage() {
  const { t } = useTranslation();
  const format = useFormats();
  const { upload: shownId } = route.useSearch();
  const navigate = route.useNavigate();
  const client = useQueryClient();
  const me = useMe();
  const [site, setSite] = useState(me.sites.length > 1 ? me.sites[0]?.code : undefined);
  const view = useSyncExternalStore(uploads.subscribe, uploads.snapshot);
  const here = view.items.length > 0 && (!shownId || shownId === view.uploadId);
  const id = here ? view.uploadId : (shownId ?? null);
  const answered = view.items.filter((item) => item.state === "done").length;
  const detail = useQuery({ ...queries.upload(id ?? ""), enabled: id !== null && (!here || answered > 0) });
  const busy = isBusy(view);

  useEffect(() => {
    // The address of a batch is its own, so that a reload shows the same table.
    if (here && view.uploadId && view.uploadId !== shownId) {
      void navigate({ search: { upload: view.uploadId }, replace: true });
    }
  }, [here, view.uploadId, shownId, navigate]);
  useEffect(() => {
    if (id && here && answered) {
      // A first reading still under way would answer for all later ones, without the newest files.
      const { queryKey } = queries.upload(id);
      void client.cancelQueries({ queryKey }).then(() => client.invalidateQueries({ queryKey }));
    }
    if (!busy && answered) void client.invalidateQueries({ queryKey: ["exams"] });
  }, [client, id, here, answered, busy]);

  const rows = useMemo(
    () => (here ? rowsOfItems(view.items) : rowsOfResults(detail.data?.files ?? [])),
    [here, view.items, detail.data],
  );

  function bandChanged(result: FileResult, band: Band) {
    uploads.replaceResult({ ...result, band });
    if (id) void client.invalidateQueries({ queryKey: queries.upload(id).queryKey });
  }

  function startAnew() {
    uploads.clear();
    void navigate({ search: {} });
  }

  return (
    <Page
      title={t("upload.title")}
      lead={t("upload.lead")}
      actions={
        rows.length && !busy ? (
          <Button variant="default" onClick={startAnew}>
            {t("upload.startAnew")}
          </Button>
        ) : null
      }
    >
      {me.sites.length > 1 ? (
        <Select
          label={t("common.site")}
          description={t("upload.siteHint")}
          w={280}
          allowDeselect={false}
          disabled={view.items.length > 0}
          data={me.sites.map((one) => ({ value: one.code, label: `${one.code} ${one.name}` }))}
          value={site}
          onChange={(value) => {
            setSite(value ?? undefined);
          }}
        />
      ) : null}
      <DropZone
        compact={rows.length > 0}
        take={(files) => {
          if (!here && !busy) uploads.clear();
          if (!here) void navigate({ search: {} });
          uploads.add(files, site);
        }}
      />
      {busy ? (
        <Stack gap={4} role="status">
          <Group justify="space-between">
            <Text size="sm">{t("shell.uploading", { done: answered, total: view.items.length })}</Text>
            <Text size="sm">{format.percent(shareSent(view))}</Text>
          </Group>
          <Progress value={shareSent(view) * 100} animated aria-label={t("upload.progress")} />
        </Stack>
      ) : null}
      {detail.error ? <Failed error={detail.error} retry={() => void detail.refetch()} /> : null}
      {!here && id && detail.isPending ? <Loading /> : null}
      <TouchedExams exams={detail.data?.exams ?? []} />
      {rows.length ? (
        <FileTable
          rows={rows}
          retry={(key) => {
            uploads.retry(key);
          }}
          bandChanged={bandChanged}
        />
      ) : null}
      {id ? null : <EarlierUploads />}
    </Page>
  );
}
