/** The addresses the app calls, each once. */
import { type Query, rememberCsrf, send } from "./client";
import type * as T from "./types";

function remembered(session: T.Session): T.Session {
  rememberCsrf(session.csrf);
  return session;
}

export const api = {
  session: async () => remembered(await send<T.Session>("GET", "auth/session/")),
  signIn: async (username: string, password: string) =>
    remembered(await send<T.Session>("POST", "auth/session/", { body: { username, password } })),
  signOut: () => send<unknown>("DELETE", "auth/session/"),
  setLanguage: (language: string) => send<T.Me>("PATCH", "me/", { body: { language } }),
  sites: () => send<T.Page<T.Site> | T.Site[]>("GET", "sites/"),

  startUpload: (source: string) => send<T.Upload>("POST", "uploads/", { body: { source } }),
  uploads: (query?: Query) => send<T.Page<T.Upload>>("GET", "uploads/", { query }),
  upload: (id: string) => send<T.Upload>("GET", `uploads/${id}/`),
  setBand: (image: string, band: T.Band) =>
    send<T.ImageRow>("PATCH", `images/${image}/`, { body: { band } }),

  exams: (query: Query) => send<T.Page<T.ExamRow>>("GET", "exams/", { query }),
  exam: (id: string) => send<T.ExamDetail>("GET", `exams/${id}/`),
  patient: (id: string) => send<T.PatientDetail>("GET", `patients/${id}/`),
  recordStage: (patient: string, body: { stage: number; source: string }) =>
    send<unknown>("POST", `patients/${patient}/stage/`, { body }),

  startStaging: (body: { exam: string } | { pair: string }) =>
    send<T.Staging>("POST", "stagings/", { body }),
  staging: (id: string) => send<T.Staging>("GET", `stagings/${id}/`),

  datasets: (query?: Query) => send<T.Page<T.Dataset>>("GET", "datasets/", { query }),
  dataset: (id: string) => send<T.Dataset>("GET", `datasets/${id}/`),
  previewDataset: (query: Query) => send<T.DatasetPreview>("GET", "datasets/preview/", { query }),
  datasetPatients: (id: string, query: Query) =>
    send<T.Page<T.DatasetMember>>("GET", `datasets/${id}/patients/`, { query }),
  discardDataset: (id: string) => send<undefined>("DELETE", `datasets/${id}/`),
  freezeDataset: (body: { name: string; note?: string; split_seed?: number; sites?: string[] }) =>
    send<T.Dataset>("POST", "datasets/", { body }),

  specSchema: () => send<T.SpecSchema>("GET", "runs/schema/"),
  runs: (query?: Query) => send<T.Page<T.Run>>("GET", "runs/", { query }),
  run: (id: string) => send<T.Run>("GET", `runs/${id}/`),
  launchRun: (body: { name?: string; dataset: string; spec: T.TrainSpec; preset?: string }) =>
    send<T.Run>("POST", "runs/", { body }),
  cancelRun: (id: string) => send<T.Run>("POST", `runs/${id}/cancel/`),
  resumeRun: (id: string) => send<T.Run>("POST", `runs/${id}/resume/`),
  runFigures: (id: string) => send<Record<string, T.PlotlyFigure>>("GET", `runs/${id}/figures/`),
  compareRuns: (ids: string[]) =>
    send<T.Comparison>("GET", "runs/compare/", { query: { ids: ids.join(",") } }),

  models: (query?: Query) => send<T.Page<T.ModelVersion>>("GET", "models/", { query }),
  model: (id: string) => send<T.ModelDetail>("GET", `models/${id}/`),
  aliases: () => send<T.AliasPeriod[]>("GET", "models/aliases/"),
  promote: (id: string, alias: string) =>
    send<T.ModelDetail>("POST", `models/${id}/promote/`, { body: { alias } }),
  rollBack: (alias: string) => send<T.ModelDetail>("POST", "models/rollback/", { body: { alias } }),

  jobs: (query?: Query) => send<T.Page<T.Job>>("GET", "jobs/", { query }),
  job: (id: string) => send<T.Job>("GET", `jobs/${id}/`),
  jobEvents: (id: string, after: number) =>
    send<T.EventPage>("GET", `jobs/${id}/events/`, { query: { after } }),
  cancelJob: (id: string) => send<T.Job>("POST", `jobs/${id}/cancel/`),
  retryJob: (id: string) => send<T.Job>("POST", `jobs/${id}/retry/`),

  demonstration: () => send<T.Demonstration>("GET", "demonstration/"),
  audit: (query?: Query) => send<T.Page<T.AuditRow>>("GET", "audit/", { query }),
};
