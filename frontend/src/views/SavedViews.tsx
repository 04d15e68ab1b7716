import { Button, Checkbox, Group, Menu, Stack, Text, TextInput, VisuallyHidden } from "@mantine/core";
import { IconBookmark, IconStarFilled } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useRouterState } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { type SavedPage, type SavedView, views, viewsQuery } from "~/api/views";
import { readSearch } from "~/pages/search";
import { Dialog } from "~/ui/Dialog";
import { Failed } from "~/ui/states";
import { offerUndo } from "~/ui/undo";
import { filtersOf, isOpen } from "./query";

/** Named filters of a list: open, save, rename, share, make the first one shown, remove. */
export function SavedViews({ page }: { page: SavedPage }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const navigate = useNavigate();
  const search = useRouterState({ select: (state) => state.location.searchStr });
  const found = useQuery(viewsQuery(page));
  const rows = found.data ?? [];
  const open = rows.find((row) => isOpen(row, search));
  const [naming, setNaming] = useState<SavedView | "new" | null>(null);
  const [copied, setCopied] = useState(false);
  const reread = () => client.invalidateQueries({ queryKey: viewsQuery(page).queryKey });

  const show = (query: string, replace = false) => {
    void navigate({ to: ".", search: readSearch(query) as never, replace });
  };
  useFirstView(found.data, search, show);

  const change = useMutation({
    mutationFn: ({ id, ...body }: { id: string; is_default: boolean }) => views.change(id, body),
    onSuccess: reread,
  });
  const remove = useMutation({
    mutationFn: (row: SavedView) => views.trash(row.id),
    onSuccess: (_gone, row) => {
      void reread();
      offerUndo({ text: t("views.removed", { name: row.name }), undo: () => views.restore(row.id).then(reread) });
    },
  });
  const failed = change.error ?? remove.error ?? found.error;

  return (
    <>
      <Menu position="bottom-end" width={320} closeOnItemClick={false}>
        <Menu.Target>
          <Button variant="default" leftSection={<IconBookmark size={16} aria-hidden />} data-testid="saved-views">
            {open ? open.name : t("views.title")}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {rows.length ? null : <Menu.Label>{t("views.none")}</Menu.Label>}
          {rows.map((row) => (
            <Menu.Item
              key={row.id}
              aria-current={row === open ? "true" : undefined}
              fw={row === open ? 600 : undefined}
              leftSection={row.is_default ? <IconStarFilled size={13} aria-hidden /> : undefined}
              closeMenuOnClick
              onClick={() => {
                show(row.query);
              }}
            >
              {row.name}
              {row.is_default ? <VisuallyHidden> ({t("views.isFirst")})</VisuallyHidden> : null}
            </Menu.Item>
          ))}
          {open ? (
            <>
              <Menu.Divider />
              <Menu.Label>{open.name}</Menu.Label>
              <Menu.Item
                closeMenuOnClick
                onClick={() => {
                  setNaming(open);
                }}
              >
                {t("views.rename")}
              </Menu.Item>
              <Menu.Item
                onClick={() => {
                  change.mutate({ id: open.id, is_default: !open.is_default });
                }}
              >
                {t(open.is_default ? "views.notFirst" : "views.makeFirst")}
              </Menu.Item>
              <Menu.Item
                closeMenuOnClick
                onClick={() => {
                  remove.mutate(open);
                }}
              >
                {t("views.remove")}
              </Menu.Item>
            </>
          ) : null}
          <Menu.Divider />
          <Menu.Item
            closeMenuOnClick
            onClick={() => {
              setNaming("new");
            }}
          >
            {t("views.save")}
          </Menu.Item>
          <Menu.Item
            onClick={() => {
              const link = `${location.origin}${location.pathname}${search ? `?${filtersOf(search)}` : ""}`;
              void navigator.clipboard.writeText(link).then(() => {
                setCopied(true);
              });
            }}
          >
            {t(copied ? "views.copied" : "views.share")}
          </Menu.Item>
          {failed ? <Failed error={failed} compact /> : null}
        </Menu.Dropdown>
      </Menu>
      {naming ? (
        <Naming
          page={page}
          query={filtersOf(search)}
          row={naming === "new" ? null : naming}
          close={() => {
            setNaming(null);
          }}
        />
      ) : null}
    </>
  );
}

/** A page that is opened without filters shows the person's first view; clearing them later does not. */
function useFirstView(rows: readonly SavedView[] | undefined, search: string, show: (query: string, replace: boolean) => void) {
  const looked = useRef(false);
  useEffect(() => {
    if (looked.current || !rows) return;
    looked.current = true;
    const first = rows.find((row) => row.is_default);
    if (first?.query && !filtersOf(search)) show(first.query, true);
  }, [rows, search, show]);
}

function Naming({ page, query, row, close }: { page: SavedPage; query: string; row: SavedView | null; close: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [name, setName] = useState(row?.name ?? "");
  const [first, setFirst] = useState(false);
  const keep = useMutation({
    mutationFn: () => (row ? views.change(row.id, { name }) : views.save({ page, name, query, is_default: first })),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: viewsQuery(page).queryKey });
      close();
    },
  });
  return (
    <Dialog opened close={close} title={t(row ? "views.rename" : "views.save")}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          keep.mutate();
        }}
      >
        <Stack gap="sm">
          {row || query ? null : <Text size="sm">{t("views.everything")}</Text>}
          <TextInput
            label={t("views.name")}
            required
            maxLength={60}
            data-autofocus
            value={name}
            onChange={(event) => {
              setName(event.currentTarget.value);
            }}
          />
          {row ? null : (
            <Checkbox
              label={t("views.makeFirst")}
              checked={first}
              onChange={(event) => {
                setFirst(event.currentTarget.checked);
              }}
            />
          )}
          {keep.error ? <Failed error={keep.error} compact /> : null}
          <Group justify="flex-end">
            <Button type="submit" disabled={!name.trim()} loading={keep.isPending}>
              {t("views.keep")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
