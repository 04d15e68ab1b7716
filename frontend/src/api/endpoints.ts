/** The addresses the app calls, each once. Paths, queries, bodies and answers are checked against the schema. */
import { bodyOf, client, type QueryOf, rememberCsrf } from "./client";
import type { components } from "./schema";
import type * as T from "./types";

type Schemas = components["schemas"];

export type DecisionBody = Schemas["DecisionRequest"];

/** A table with its particulars as a form: what the browser sends for files. */
function formOf(file: File, fields: Record<string, string | boolean>): FormData {
  const form = new FormData();
  form.set("file", file);
  for (const [name, value] of Object.entries(fields)) form.set(name, String(value));
  return form;
}

const at = (id: string) => ({ params: { path: { id } } });

function remembered(session: Schemas["Session"]): T.Session {
  rememberCsrf(session.csrf);
  return session as T.Session;
}

export const api = {
  session: async () => remembered(await bodyOf(client.GET("/api/v1/auth/session/"))),
  signIn: async (username: string, password: string, code?: string) =>
    remembered(await bodyOf(client.POST("/api/v1/auth/session/", { body: { username, password, code } }))),
  signOut: () => bodyOf(client.DELETE("/api/v1/auth/session/")),
  setLanguage: (language: Schemas["LanguageEnum"]) =>
    // A page left at once must not take the choice with it.
    bodyOf(client.PATCH("/api/v1/me/", { body: { language }, keepalive: true })),

  startUpload: (site: string | undefined) =>
    bodyOf(client.POST("/api/v1/uploads/", { body: { source: "browser", site } })),
  uploads: (query: QueryOf<"/api/v1/uploads/">) => bodyOf(client.GET("/api/v1/uploads/", { params: { query } })),
  upload: async (id: string) =>
    (await bodyOf(client.GET("/api/v1/uploads/{id}/", at(id)))) as T.UploadDetail,
  touchedExams: async (id: string) =>
    (
      (await bodyOf(
        client.GET("/api/v1/uploads/{id}/", { params: { path: { id }, query: { files: false } } }),
      )) as T.UploadDetail
    ).exams,
  knownFiles: (id: string, files: Schemas["AnnouncedRequest"][]) =>
    bodyOf(client.POST("/api/v1/uploads/{id}/known/", { ...at(id), body: { files } })),
  setBand: (image: string, band: T.Band) =>
    bodyOf(client.PATCH("/api/v1/images/{id}/", { ...at(image), body: { band } })),

  withdrawImage: (image: string, reason: string) =>
    bodyOf(client.POST("/api/v1/images/{id}/withdraw/", { ...at(image), body: { reason } })),
  quarantine: (query: QueryOf<"/api/v1/quarantine/">) =>
    bodyOf(client.GET("/api/v1/quarantine/", { params: { query } })),
  quarantineSummary: () => bodyOf(client.GET("/api/v1/quarantine/summary/")),
  decideQuarantine: (body: Schemas["DecisionRequest"]) =>
    bodyOf(client.POST("/api/v1/quarantine/decide/", { body })),

  exams: (query: QueryOf<"/api/v1/exams/">) => bodyOf(client.GET("/api/v1/exams/", { params: { query } })),
  exam: (id: string) => bodyOf(client.GET("/api/v1/exams/{id}/", at(id))),
  patients: (query: QueryOf<"/api/v1/patients/">) =>
    bodyOf(client.GET("/api/v1/patients/", { params: { query } })),
  cohort: (step: T.CohortStep) => bodyOf(client.GET("/api/v1/cohort/", { params: { query: { step } } })),
  patient: (id: string) => bodyOf(client.GET("/api/v1/patients/{id}/", at(id))),
  curation: (patient: string) => bodyOf(client.GET("/api/v1/patients/{id}/curation/", at(patient))),
  answerCriterion: (patient: string, body: Schemas["AnswerRequestRequest"]) =>
    bodyOf(client.POST("/api/v1/patients/{id}/eligibility/", { ...at(patient), body })),
  recordValues: (patient: string, body: Schemas["ValuesRequestRequest"]) =>
    bodyOf(client.POST("/api/v1/patients/{id}/clinical-values/", { ...at(patient), body })),
  mergePatient: (patient: string, body: Schemas["MergeRequestRequest"]) =>
    bodyOf(client.POST("/api/v1/patients/{id}/merge/", { ...at(patient), body })),
  unmergePatient: (patient: string, body: Schemas["UnmergeRequestRequest"]) =>
    bodyOf(client.POST("/api/v1/patients/{id}/unmerge/", { ...at(patient), body })),
  reidentify: (patient: string, reason: string) =>
    bodyOf(client.POST("/api/v1/patients/{id}/reidentify/", { ...at(patient), body: { reason } })),
  criteria: () => bodyOf(client.GET("/api/v1/criteria/")),
  useCriterion: (body: Schemas["UseCriterionRequest"]) => bodyOf(client.POST("/api/v1/criteria/", { body })),
  stageTable: (file: File, fields: { site: string; source: T.StageSource; dry_run: boolean }) =>
    bodyOf(
      client.POST("/api/v1/patients/stage-table/", {
        body: { ...fields, file: "" },
        bodySerializer: () => formOf(file, fields),
      }),
    ),
  clinicalTable: (file: File, fields: { site: string; dry_run: boolean }) =>
    bodyOf(
      client.POST("/api/v1/patients/clinical-table/", {
        body: { ...fields, file: "" },
        bodySerializer: () => formOf(file, fields),
      }),
    ),
  recordStage: (patient: string, body: Schemas["StageRequestRequest"]) =>
    bodyOf(client.POST("/api/v1/patients/{id}/stage/", { ...at(patient), body })),

  startStaging: (body: { exam: string } | { pair: string }) => bodyOf(client.POST("/api/v1/stagings/", { body })),
  staging: (id: string) => bodyOf(client.GET("/api/v1/stagings/{id}/", at(id))),

  attention: (staging: string) => bodyOf(client.GET("/api/v1/stagings/{id}/attention/", at(staging))),
  askAttention: (staging: string) => bodyOf(client.POST("/api/v1/stagings/{id}/attention/", at(staging))),

  reviews: (query: QueryOf<"/api/v1/reviews/">) => bodyOf(client.GET("/api/v1/reviews/", { params: { query } })),
  beginReview: (body: Schemas["ReviewRequestRequest"]) => bodyOf(client.POST("/api/v1/reviews/", { body })),
  saveReview: (id: string, body: Schemas["PatchedReviewSaveRequest"]) =>
    bodyOf(client.PATCH("/api/v1/reviews/{id}/", { ...at(id), body })),
  discardReview: (id: string) => bodyOf(client.DELETE("/api/v1/reviews/{id}/", at(id))),
  signReview: (id: string, body: Schemas["SignatureRequest"]) =>
    bodyOf(client.POST("/api/v1/reviews/{id}/sign/", { ...at(id), body })),
  reports: (query: QueryOf<"/api/v1/reports/">) => bodyOf(client.GET("/api/v1/reports/", { params: { query } })),
  verifyReport: (id: string) => bodyOf(client.GET("/api/v1/reports/{id}/verification/", at(id))),
  amendReport: (id: string, body: Schemas["AmendmentRequest"]) =>
    bodyOf(client.POST("/api/v1/reports/{id}/amend/", { ...at(id), body })),

  /** The final outlines of an image by frame; where a newer draft is worked on, the revision that is in force. */
  finalOutlines: async (image: string) => {
    const query = { image, final: true, page_size: 200 };
    const rows = (await bodyOf(client.GET("/api/v1/outlines/", { params: { query } }))).results;
    const inForce = rows.map(async (row) => {
      if (row.state === "final") return [row.frame, row.polygons] as const;
      const path = { id: row.id, number: String(row.final_revision) };
      const revision = await bodyOf(client.GET("/api/v1/outlines/{id}/revisions/{number}/", { params: { path } }));
      return [row.frame, revision.polygons] as const;
    });
    return new Map(await Promise.all(inForce)) as Map<number, [number, number][][]>;
  },

  datasets: (query: QueryOf<"/api/v1/datasets/">) =>
    bodyOf(client.GET("/api/v1/datasets/", { params: { query } })),
  dataset: (id: string) => bodyOf(client.GET("/api/v1/datasets/{id}/", at(id))),
  previewDataset: (query: QueryOf<"/api/v1/datasets/preview/">) =>
    bodyOf(client.GET("/api/v1/datasets/preview/", { params: { query } })),
  datasetPatients: (id: string, query: QueryOf<"/api/v1/datasets/{id}/patients/">) =>
    bodyOf(client.GET("/api/v1/datasets/{id}/patients/", { params: { path: { id }, query } })),
  datasetAudit: (id: string) => bodyOf(client.GET("/api/v1/datasets/{id}/audit/", at(id))),
  freezeDataset: (body: Schemas["FreezeRequest"]) => bodyOf(client.POST("/api/v1/datasets/", { body })),
  discardDataset: (id: string) => bodyOf(client.DELETE("/api/v1/datasets/{id}/", at(id))),

  specSchema: async () => (await bodyOf(client.GET("/api/v1/runs/schema/"))) as T.SpecSchema,
  runs: (query: QueryOf<"/api/v1/runs/">) => bodyOf(client.GET("/api/v1/runs/", { params: { query } })),
  run: (id: string) => bodyOf(client.GET("/api/v1/runs/{id}/", at(id))),
  launchRun: (body: Schemas["LaunchRequest"]) => bodyOf(client.POST("/api/v1/runs/", { body })),
  cancelRun: (id: string) => bodyOf(client.POST("/api/v1/runs/{id}/cancel/", at(id))),
  resumeRun: (id: string) => bodyOf(client.POST("/api/v1/runs/{id}/resume/", at(id))),
  runFigures: async (id: string) =>
    (await bodyOf(client.GET("/api/v1/runs/{id}/figures/", at(id)))) as Record<string, T.PlotlyFigure>,
  disagreement: (ids: string[]) =>
    bodyOf(client.GET("/api/v1/runs/disagreement/", { params: { query: { ids: ids.join(",") } } })),
  compareRuns: (ids: string[]) =>
    bodyOf(client.GET("/api/v1/runs/compare/", { params: { query: { ids: ids.join(",") } } })),

  experiments: (query: QueryOf<"/api/v1/experiments/">) =>
    bodyOf(client.GET("/api/v1/experiments/", { params: { query } })),
  experiment: (id: string) => bodyOf(client.GET("/api/v1/experiments/{id}/", at(id))),
  experimentResults: (id: string) => bodyOf(client.GET("/api/v1/experiments/{id}/results/", at(id))),
  startExperiment: (body: Schemas["StartRequest"]) => bodyOf(client.POST("/api/v1/experiments/", { body })),
  estimateExperiment: (body: Schemas["EstimateRequest"]) =>
    bodyOf(client.POST("/api/v1/experiments/estimate/", { body })),
  cancelExperiment: (id: string) => bodyOf(client.POST("/api/v1/experiments/{id}/cancel/", at(id))),
  resumeExperiment: (id: string) => bodyOf(client.POST("/api/v1/experiments/{id}/resume/", at(id))),

  models: () => bodyOf(client.GET("/api/v1/models/")),
  model: (id: string) => bodyOf(client.GET("/api/v1/models/{id}/", at(id))),
  modelUse: (id: string) => bodyOf(client.GET("/api/v1/model-use/{id}/", at(id))),
  promote: (id: string, alias: T.AliasName) =>
    bodyOf(client.POST("/api/v1/models/{id}/promote/", { ...at(id), body: { alias } })),
  importModel: (body: { file: File; dataset: string; name: string }) =>
    bodyOf(
      client.POST("/api/v1/models/import/", {
        body: body as unknown as Schemas["ImportRequest"], // a file stands for its bytes
        bodySerializer: () => {
          const form = new FormData();
          for (const [name, value] of Object.entries(body)) form.append(name, value);
          return form;
        },
      }),
    ),
  rollBack: (alias: T.AliasName) => bodyOf(client.POST("/api/v1/models/rollback/", { body: { alias } })),

  jobs: (query: QueryOf<"/api/v1/jobs/">) => bodyOf(client.GET("/api/v1/jobs/", { params: { query } })),
  job: (id: string) => bodyOf(client.GET("/api/v1/jobs/{id}/", at(id))),
  jobEvents: async (id: string, after: number) =>
    (await bodyOf(
      client.GET("/api/v1/jobs/{id}/events/", { params: { path: { id }, query: { after } } }),
    )) as T.EventPage,
  cancelJob: (id: string) => bodyOf(client.POST("/api/v1/jobs/{id}/cancel/", at(id))),
  retryJob: (id: string) => bodyOf(client.POST("/api/v1/jobs/{id}/retry/", at(id))),

  demonstration: () => bodyOf(client.GET("/api/v1/demonstration/")),
  audit: async (query: QueryOf<"/api/v1/audit/">) =>
    (await bodyOf(client.GET("/api/v1/audit/", { params: { query } }))) as T.Page<T.AuditRow>,
};
