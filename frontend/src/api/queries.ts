/** What the pages read, each family under one key so that the feed can say "read that again". */
import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import type { Query } from "./client";
import { api } from "./endpoints";
import { isSettled } from "~/live/jobStream";

const listed = { placeholderData: keepPreviousData };

export const queries = {
  exams: (query: Query) => queryOptions({ queryKey: ["exams", "list", query], queryFn: () => api.exams(query), ...listed }),
  exam: (id: string) => queryOptions({ queryKey: ["exams", id], queryFn: () => api.exam(id) }),
  patient: (id: string) => queryOptions({ queryKey: ["patients", id], queryFn: () => api.patient(id) }),
  staging: (id: string) => queryOptions({ queryKey: ["stagings", id], queryFn: () => api.staging(id) }),
  uploads: () => queryOptions({ queryKey: ["uploads", "list"], queryFn: () => api.uploads() }),
  upload: (id: string) => queryOptions({ queryKey: ["uploads", id], queryFn: () => api.upload(id) }),
  datasets: () => queryOptions({ queryKey: ["datasets", "list"], queryFn: () => api.datasets(), ...listed }),
  dataset: (id: string) => queryOptions({ queryKey: ["datasets", id], queryFn: () => api.dataset(id) }),
  preview: (query: Query) =>
    queryOptions({ queryKey: ["datasets", "preview", query], queryFn: () => api.previewDataset(query), ...listed }),
  datasetPatients: (id: string, query: Query) =>
    queryOptions({
      queryKey: ["datasets", id, "patients", query],
      queryFn: () => api.datasetPatients(id, query),
      ...listed,
    }),
  specSchema: () => queryOptions({ queryKey: ["schema"], queryFn: api.specSchema, staleTime: Infinity }),
  runs: (query: Query) => queryOptions({ queryKey: ["runs", "list", query], queryFn: () => api.runs(query), ...listed }),
  run: (id: string) => queryOptions({ queryKey: ["runs", id], queryFn: () => api.run(id) }),
  runFigures: (id: string) =>
    queryOptions({ queryKey: ["runs", id, "figures"], queryFn: () => api.runFigures(id), staleTime: 60_000 }),
  comparison: (ids: string[]) =>
    queryOptions({ queryKey: ["runs", "compare", ids], queryFn: () => api.compareRuns(ids), ...listed }),
  models: () => queryOptions({ queryKey: ["models", "list"], queryFn: () => api.models(), ...listed }),
  model: (id: string) => queryOptions({ queryKey: ["models", id], queryFn: () => api.model(id) }),
  aliases: () => queryOptions({ queryKey: ["models", "aliases"], queryFn: api.aliases }),
  jobs: (query: Query) =>
    queryOptions({
      queryKey: ["jobs", "list", query],
      queryFn: () => api.jobs(query),
      // Without a feed (a proxy that refuses sockets) the list still moves while something is under way.
      refetchInterval: (held) =>
        held.state.data?.results.some((job) => !isSettled(job.state)) ? 10_000 : false,
      ...listed,
    }),
  demonstration: () =>
    queryOptions({ queryKey: ["demonstration"], queryFn: api.demonstration, refetchInterval: 15_000 }),
  audit: (query: Query) => queryOptions({ queryKey: ["audit", query], queryFn: () => api.audit(query), ...listed }),
};
