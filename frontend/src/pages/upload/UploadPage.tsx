import { Button, Group, Progress, Select, Stack, Text } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useCallback, useEffect, useMemo, useState, useSyncExternalStore } from "react";
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
import { Unfinished } from "./Unfinished";

/** How often the exams are asked for while a folder is being sent. */
const LOOK_AGAIN_MS = 5000;
const retry = (key: number) => {
  uploads.retry(key);
};
const retryAll = () => {
  uploads.retryAll();
};

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
  const busy = isBusy(view);
  const detail = useQuery({ ...queries.upload(id ?? ""), enabled: id !== null && !here });
  const touched = useQuery({
    ...queries.touchedExams(id ?? ""),
    enabled: id !== null && here && answered > 0,
    refetchInterval: busy ? LOOK_AGAIN_MS : false,
  });
  const owner = String(me.id);
  const unfinished = uploads.unfinished(owner);

  useEffect(() => {
    // The address of a batch is its own, so that a reload shows the same table.
    if (here && view.uploadId && view.uploadId !== shownId) {
      void navigate({ search: { upload: view.uploadId }, replace: true });
    }
  }, [here, view.uploadId, shownId, navigate]);
  useEffect(() => {
    if (busy || !answered) return;
    if (id && here) {
      // A first reading still under way would answer for all later ones, without the newest files.
      const { queryKey } = queries.upload(id);
      void client.cancelQueries({ queryKey }).then(() => client.invalidateQueries({ queryKey }));
    }
    void client.invalidateQueries({ queryKey: ["exams"] });
  }, [client, id, here, answered, busy]);

  const rows = useMemo(
    () => (here ? rowsOfItems(view.items) : rowsOfResults(detail.data?.files ?? [])),
    [here, view.items, detail.data],
  );

  const bandChanged = useCallback(
    (result: FileResult, band: Band) => {
      uploads.replaceResult({ ...result, band });
      if (id) void client.invalidateQueries({ queryKey: queries.upload(id).queryKey });
    },
    [client, id],
  );

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
      {unfinished ? (
        <Unfinished
          entry={unfinished}
          forget={() => {
            uploads.forgetUnfinished();
          }}
        />
      ) : null}
      <DropZone
        compact={rows.length > 0}
        take={(files) => {
          if (!here && !busy) uploads.clear();
          if (!here) void navigate({ search: {} });
          uploads.add(files, site, owner);
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
      <TouchedExams exams={(here ? touched.data : detail.data?.exams) ?? []} />
      {rows.length ? (
        <FileTable
          rows={rows}
          retry={retry}
          retryAll={retryAll}
          bandChanged={bandChanged}
        />
      ) : null}
      {id ? null : <EarlierUploads />}
    </Page>
  );
}
