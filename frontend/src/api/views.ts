/** Saved views: filters of a list under a name. */
import { queryOptions } from "@tanstack/react-query";
import { bodyOf, client } from "./client";
import type { components } from "./schema";

type Schemas = components["schemas"];

export type SavedView = Schemas["SavedView"];
export type SavedPage = SavedView["page"];

const at = (id: string) => ({ params: { path: { id } } });

export const views = {
  list: async (page: SavedPage) =>
    (await bodyOf(client.GET("/api/v1/saved-views/", { params: { query: { page, page_size: 100 } } }))).results,
  save: (body: Schemas["SaveViewRequest"]) => bodyOf(client.POST("/api/v1/saved-views/", { body })),
  change: (id: string, body: Schemas["PatchedChangeViewRequest"]) =>
    bodyOf(client.PATCH("/api/v1/saved-views/{id}/", { ...at(id), body })),
  trash: (id: string) => bodyOf(client.DELETE("/api/v1/saved-views/{id}/", at(id))),
  restore: (id: string) => bodyOf(client.POST("/api/v1/saved-views/{id}/restore/", at(id))),
};

export const viewsQuery = (page: SavedPage) =>
  queryOptions({ queryKey: ["saved-views", page], queryFn: () => views.list(page), staleTime: 60_000 });
