/** What the pages read, each family under one key so that the feed can say "read that again". */
import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import type { QueryOf } from "./client";
import { api } from "./endpoints";
import { isSettled } from "~/live/jobStream";
import type { CohortStep } from "./types";

const listed = { placeholderData: keepPreviousData };

export const queries = {
  exams: (query: QueryOf<"/api/v1/exams/">) =>
    queryOptions({ queryKey: ["exams", "list", query], queryFn: () => api.exams(query), ...listed }),
  exam: (id: string) => queryOptions({ queryKey: ["exams", id], queryFn: () => api.exam(id) }),
  patients: (query: QueryOf<"/api/v1/patients/">) =>
    queryOptions({ queryKey: ["patients", "list", query], queryFn: () => api.patients(query), ...listed }),
  cohort: (step: CohortStep) => queryOptions({ queryKey: ["datasets", "cohort", step], queryFn: () => api.cohort(step) }),
  patient: (id: string) => queryOptions({ queryKey: ["patients", id], queryFn: () => api.patient(id) }),
  staging: (id: string) => queryOptions({ queryKey: ["stagings", id], queryFn: () => api.staging(id) }),
  attention: (staging: string) =>
    queryOptions({ queryKey: ["stagings", staging, "attention"], queryFn: () => api.attention(staging) }),
  reviewOf: (exam: string) =>
    queryOptions({ queryKey: ["reviews", exam], queryFn: async () => (await api.reviews({ exam })).results[0] ?? null }),
  reportsOf: (exam: string) =>
    queryOptions({ queryKey: ["reports", exam], queryFn: async () => (await api.reports({ exam })).results }),
  finalOutlines: (image: string) =>
    queryOptions({ queryKey: ["outlines", "final", image], queryFn: () => api.finalOutlines(image) }),
  uploads: () => queryOptions({ queryKey: ["uploads", "list"], queryFn: () => api.uploads({ page_size: 12 }) }),
  touchedExams: (id: string) =>
    queryOptions({ queryKey: ["uploads", id, "exams"], queryFn: () => api.touchedExams(id) }),
  upload: (id: string) => queryOptions({ queryKey: ["uploads", id], queryFn: () => api.upload(id) }),
  curation: (patient: string) =>
    queryOptions({ queryKey: ["patients", patient, "curation"], queryFn: () => api.curation(patient) }),
  criteria: () => queryOptions({ queryKey: ["criteria"], queryFn: api.criteria }),
  quarantine: (query: QueryOf<"/api/v1/quarantine/">) =>
    queryOptions({ queryKey: ["quarantine", "list", query], queryFn: () => api.quarantine(query), ...listed }),
  quarantineSummary: () =>
    queryOptions({ queryKey: ["quarantine", "summary"], queryFn: api.quarantineSummary, refetchInterval: 30_000 }),
  datasets: () => queryOptions({ queryKey: ["datasets", "list"], queryFn: () => api.datasets({ page_size: 200 }), ...listed }),
  dataset: (id: string) => queryOptions({ queryKey: ["datasets", id], queryFn: () => api.dataset(id) }),
  preview: (query: QueryOf<"/api/v1/datasets/preview/">) =>
    queryOptions({ queryKey: ["datasets", "preview", query], queryFn: () => api.previewDataset(query), ...listed }),
  datasetPatients: (id: string, query: QueryOf<"/api/v1/datasets/{id}/patients/">) =>
    queryOptions({
      queryKey: ["datasets", id, "patients", query],
      queryFn: () => api.datasetPatients(id, query),
      ...listed,
    }),
  datasetAudit: (id: string) =>
    queryOptions({
      queryKey: ["datasets", id, "audit"],
      queryFn: () => api.datasetAudit(id),
      staleTime: Infinity, // of a frozen version
      retry: false,
    }),
  specSchema: () => queryOptions({ queryKey: ["schema"], queryFn: api.specSchema, staleTime: Infinity }),
  runs: (query: QueryOf<"/api/v1/runs/">) =>
    queryOptions({ queryKey: ["runs", "list", query], queryFn: () => api.runs(query), ...listed }),
  run: (id: string) => queryOptions({ queryKey: ["runs", id], queryFn: () => api.run(id) }),
  runFigures: (id: string) =>
    queryOptions({ queryKey: ["runs", id, "figures"], queryFn: () => api.runFigures(id), staleTime: 60_000 }),
  disagreement: (ids: string[]) =>
    queryOptions({ queryKey: ["runs", "disagreement", ids], queryFn: () => api.disagreement(ids), ...listed }),
  comparison: (ids: string[]) =>
    queryOptions({ queryKey: ["runs", "compare", ids], queryFn: () => api.compareRuns(ids), ...listed }),
  experiments: (query: QueryOf<"/api/v1/experiments/">) =>
    queryOptions({ queryKey: ["experiments", "list", query], queryFn: () => api.experiments(query), ...listed }),
  experiment: (id: string) =>
    queryOptions({
      queryKey: ["experiments", id],
      queryFn: () => api.experiment(id),
      // Without a feed (a proxy that refuses sockets) the table still fills.
      refetchInterval: (held) => (held.state.data?.rows.some((row) => !isSettled(row.run.state)) ? 10_000 : false),
    }),
  /** Asked again when another line is complete, and only then: results of finished runs do not change. */
  experimentResults: (id: string, complete: number[]) =>
    queryOptions({
      queryKey: ["experiment-results", id, complete],
      queryFn: () => api.experimentResults(id),
      staleTime: Infinity,
      ...listed,
    }),
  estimate: (body: Parameters<typeof api.estimateExperiment>[0]) =>
    queryOptions({ queryKey: ["experiments", "estimate", body], queryFn: () => api.estimateExperiment(body), ...listed }),
  models: () => queryOptions({ queryKey: ["models", "list"], queryFn: () => api.models(), ...listed }),
  model: (id: string) => queryOptions({ queryKey: ["models", id], queryFn: () => api.model(id) }),
  modelUse: (id: string) => queryOptions({ queryKey: ["models", id, "use"], queryFn: () => api.modelUse(id) }),
  jobs: (query: QueryOf<"/api/v1/jobs/">) =>
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
  audit: (query: QueryOf<"/api/v1/audit/">) =>
    queryOptions({ queryKey: ["audit", query], queryFn: () => api.audit(query), ...listed }),
};
