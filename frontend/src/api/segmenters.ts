/** Segmenters: the addresses and what the pages read. */
import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { bodyOf, client } from "./client";
import type { components } from "./schema";
import type { JsonSchema } from "./types";

export type Segmenter = components["schemas"]["Segmenter"];
export type SegmenterDetail = components["schemas"]["SegmenterDetail"];

export type Crop = components["schemas"]["CropUsed"];

export interface TrainSegmenter {
  name: string;
  archive: File | null;
  outlines: boolean;
  sites: string[];
  /** As the schema of the form has them. */
  options: Record<string, unknown>;
}

const at = (id: string) => ({ params: { path: { id } } });

function formOf(wanted: TrainSegmenter): FormData {
  const form = new FormData();
  form.append("name", wanted.name);
  form.append("outlines", String(wanted.outlines));
  form.append("options", JSON.stringify(wanted.options));
  for (const site of wanted.sites) form.append("sites", site);
  if (wanted.archive) form.append("archive", wanted.archive, "outlines.zip");
  return form;
}

export const segmenters = {
  train: (wanted: TrainSegmenter) =>
    bodyOf(
      client.POST("/api/v1/segmenters/", { body: formOf(wanted) as never, bodySerializer: (form: unknown) => form as FormData }),
    ),
  cancel: (id: string) => bodyOf(client.POST("/api/v1/segmenters/{id}/cancel/", at(id))),
  resume: (id: string) => bodyOf(client.POST("/api/v1/segmenters/{id}/resume/", at(id))),
  activate: (id: string) => bodyOf(client.POST("/api/v1/segmenters/{id}/activate/", at(id))),
  deactivate: (id: string) => bodyOf(client.POST("/api/v1/segmenters/{id}/deactivate/", at(id))),
};

export const segmenterQueries = {
  list: () =>
    queryOptions({
      queryKey: ["segmenters", "list"],
      queryFn: () => bodyOf(client.GET("/api/v1/segmenters/", {})),
      placeholderData: keepPreviousData,
    }),
  one: (id: string) =>
    queryOptions({
      queryKey: ["segmenters", id],
      queryFn: () => bodyOf(client.GET("/api/v1/segmenters/{id}/", at(id))),
    }),
  schema: () =>
    queryOptions({
      queryKey: ["segmenters", "schema"],
      queryFn: async () => (await bodyOf(client.GET("/api/v1/segmenters/schema/"))).schema as JsonSchema,
      staleTime: Infinity,
    }),
  material: (sites: string[]) =>
    queryOptions({
      queryKey: ["segmenters", "material", sites],
      queryFn: () =>
        bodyOf(client.GET("/api/v1/segmenters/material/", { params: { query: { sites: sites.join(",") } } })),
      placeholderData: keepPreviousData,
    }),
};

export const exampleUrl = (id: string, number: number) => `/api/v1/segmenters/${id}/examples/${number}`;
