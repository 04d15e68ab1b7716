/** The addresses of the app. Every page is its own chunk; everything but signing in needs a session. */
import type { QueryClient } from "@tanstack/react-query";
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from "@tanstack/react-router";
import { queries } from "~/api/queries";
import { sessionQuery } from "~/api/session";
import { warmFirstFrames } from "~/pages/case/images";
import * as search from "~/pages/search";
import { NotFoundPage } from "~/pages/NotFoundPage";
import { CrashPage } from "~/pages/CrashPage";
import { Shell } from "~/shell/Shell";

const root = createRootRouteWithContext<{ queryClient: QueryClient }>()({ component: Outlet });

const signIn = createRoute({
  getParentRoute: () => root,
  path: "/signin",
  validateSearch: search.signInSearch,
  component: lazyRouteComponent(() => import("~/pages/SignInPage"), "SignInPage"),
});

const password = createRoute({
  getParentRoute: () => root,
  path: "/password",
  validateSearch: search.passwordSearch,
  component: lazyRouteComponent(() => import("~/pages/PasswordPage"), "PasswordPage"),
});

const shell = createRoute({
  getParentRoute: () => root,
  id: "shell",
  component: Shell,
  beforeLoad: async ({ context, location }) => {
    const session = await context.queryClient.ensureQueryData(sessionQuery);
    if (!session.user) {
      const next = location.href === "/" ? undefined : location.href;
      throw redirect({ to: "/signin", search: { next } });
    }
    // A house that requires a second factor opens nothing else before it is set up.
    if (session.user.second_factor_due && location.pathname !== "/account") throw redirect({ to: "/account" });
    return { me: session.user };
  },
});

const home = createRoute({
  getParentRoute: () => shell,
  path: "/",
  component: lazyRouteComponent(() => import("~/pages/home/HomePage"), "HomePage"),
});
const upload = createRoute({
  getParentRoute: () => shell,
  path: "/upload",
  validateSearch: search.uploadSearch,
  component: lazyRouteComponent(() => import("~/pages/upload/UploadPage"), "UploadPage"),
});
const quarantine = createRoute({
  getParentRoute: () => shell,
  path: "/quarantine",
  validateSearch: search.quarantineSearch,
  component: lazyRouteComponent(() => import("~/pages/quarantine/QuarantinePage"), "QuarantinePage"),
});
const cohort = createRoute({
  getParentRoute: () => shell,
  path: "/cohort",
  validateSearch: search.cohortSearch,
  component: lazyRouteComponent(() => import("~/pages/cohort/CohortPage"), "CohortPage"),
});
const patients = createRoute({
  getParentRoute: () => shell,
  path: "/patients",
  validateSearch: search.patientsSearch,
  component: lazyRouteComponent(() => import("~/pages/patients/PatientsPage"), "PatientsPage"),
});
const patient = createRoute({
  getParentRoute: () => shell,
  path: "/patients/$patientId",
  component: lazyRouteComponent(() => import("~/pages/patient/PatientPage"), "PatientPage"),
});
const worklist = createRoute({
  getParentRoute: () => shell,
  path: "/worklist",
  validateSearch: search.worklistSearch,
  component: lazyRouteComponent(() => import("~/pages/worklist/WorklistPage"), "WorklistPage"),
});
const examCase = createRoute({
  getParentRoute: () => shell,
  path: "/cases/$examId",
  // Begun when the link is pointed at; the page does not wait for it.
  loader: ({ context, params }) => {
    void context.queryClient.ensureQueryData(queries.exam(params.examId)).then(warmFirstFrames, () => undefined);
  },
  component: lazyRouteComponent(() => import("~/pages/case/CasePage"), "CasePage"),
});
const reading = createRoute({
  getParentRoute: () => shell,
  path: "/reading",
  validateSearch: search.readingSearch,
  component: lazyRouteComponent(() => import("~/pages/reading/QueuePage"), "QueuePage"),
});
const read = createRoute({
  getParentRoute: () => shell,
  path: "/reading/read",
  validateSearch: search.readingSearch,
  component: lazyRouteComponent(() => import("~/pages/reading/ReadPage"), "ReadPage"),
});
const readers = createRoute({
  getParentRoute: () => shell,
  path: "/reading/agreement",
  validateSearch: search.readingSearch,
  component: lazyRouteComponent(() => import("~/pages/reading/AgreementPage"), "AgreementPage"),
});
const outline = createRoute({
  getParentRoute: () => shell,
  path: "/reading/outline/$imageId",
  validateSearch: search.outlineSearch,
  component: lazyRouteComponent(() => import("~/pages/reading/outline/OutlinePage"), "OutlinePage"),
});
const datasets = createRoute({
  getParentRoute: () => shell,
  path: "/datasets",
  component: lazyRouteComponent(() => import("~/pages/datasets/DatasetsPage"), "DatasetsPage"),
});
const dataset = createRoute({
  getParentRoute: () => shell,
  path: "/datasets/$datasetId",
  component: lazyRouteComponent(() => import("~/pages/datasets/DatasetPage"), "DatasetPage"),
});
const runs = createRoute({
  getParentRoute: () => shell,
  path: "/runs",
  validateSearch: search.runsSearch,
  component: lazyRouteComponent(() => import("~/pages/runs/RunsPage"), "RunsPage"),
});
const launch = createRoute({
  getParentRoute: () => shell,
  path: "/runs/new",
  validateSearch: search.launchSearch,
  component: lazyRouteComponent(() => import("~/pages/runs/LaunchPage"), "LaunchPage"),
});
const run = createRoute({
  getParentRoute: () => shell,
  path: "/runs/$runId",
  component: lazyRouteComponent(() => import("~/pages/runs/RunPage"), "RunPage"),
});
const experiments = createRoute({
  getParentRoute: () => shell,
  path: "/experiments",
  validateSearch: search.experimentsSearch,
  component: lazyRouteComponent(() => import("~/pages/experiments/ExperimentsPage"), "ExperimentsPage"),
});
const startExperiment = createRoute({
  getParentRoute: () => shell,
  path: "/experiments/new",
  validateSearch: search.experimentsSearch,
  component: lazyRouteComponent(() => import("~/pages/experiments/StartPage"), "StartPage"),
});
const experiment = createRoute({
  getParentRoute: () => shell,
  path: "/experiments/$experimentId",
  component: lazyRouteComponent(() => import("~/pages/experiments/ExperimentPage"), "ExperimentPage"),
});
const compare = createRoute({
  getParentRoute: () => shell,
  path: "/compare",
  validateSearch: search.compareSearch,
  component: lazyRouteComponent(() => import("~/pages/compare/ComparePage"), "ComparePage"),
});
const segmenters = createRoute({
  getParentRoute: () => shell,
  path: "/segmenters",
  component: lazyRouteComponent(() => import("~/pages/segmenters/SegmentersPage"), "SegmentersPage"),
});
const segmenter = createRoute({
  getParentRoute: () => shell,
  path: "/segmenters/$segmenterId",
  component: lazyRouteComponent(() => import("~/pages/segmenters/SegmenterPage"), "SegmenterPage"),
});
const models = createRoute({
  getParentRoute: () => shell,
  path: "/models",
  component: lazyRouteComponent(() => import("~/pages/models/ModelsPage"), "ModelsPage"),
});
const model = createRoute({
  getParentRoute: () => shell,
  path: "/models/$modelId",
  component: lazyRouteComponent(() => import("~/pages/models/ModelPage"), "ModelPage"),
});
const jobs = createRoute({
  getParentRoute: () => shell,
  path: "/jobs",
  validateSearch: search.jobsSearch,
  component: lazyRouteComponent(() => import("~/pages/jobs/JobsPage"), "JobsPage"),
});
const job = createRoute({
  getParentRoute: () => shell,
  path: "/jobs/$jobId",
  component: lazyRouteComponent(() => import("~/pages/jobs/JobPage"), "JobPage"),
});
const audit = createRoute({
  getParentRoute: () => shell,
  path: "/audit",
  validateSearch: search.auditSearch,
  component: lazyRouteComponent(() => import("~/pages/audit/AuditPage"), "AuditPage"),
});

const account = createRoute({
  getParentRoute: () => shell,
  path: "/account",
  component: lazyRouteComponent(() => import("~/pages/account/AccountPage"), "AccountPage"),
});
const people = createRoute({
  getParentRoute: () => shell,
  path: "/people",
  validateSearch: search.peopleSearch,
  component: lazyRouteComponent(() => import("~/pages/admin/PeoplePage"), "PeoplePage"),
});
const system = createRoute({
  getParentRoute: () => shell,
  path: "/system",
  component: lazyRouteComponent(() => import("~/pages/admin/SystemPage"), "SystemPage"),
});

const nowhere = createRoute({ getParentRoute: () => shell, path: "$", component: NotFoundPage });

const tree = root.addChildren([
  signIn,
  password,
  shell.addChildren([
    home,
    upload,
    quarantine,
    cohort,
    patients,
    patient,
    worklist,
    examCase,
    reading,
    read,
    readers,
    outline,
    datasets,
    dataset,
    runs,
    launch,
    run,
    experiments,
    startExperiment,
    experiment,
    compare,
    segmenters,
    segmenter,
    models,
    model,
    jobs,
    job,
    audit,
    account,
    people,
    system,
    nowhere,
  ]),
]);

export function makeRouter(queryClient: QueryClient) {
  return createRouter({
    routeTree: tree,
    context: { queryClient },
    parseSearch: search.readSearch,
    stringifySearch: search.writeSearch,
    defaultPreload: "intent",
    defaultNotFoundComponent: NotFoundPage,
    defaultErrorComponent: CrashPage,
    scrollRestoration: true,
  });
}

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof makeRouter>;
  }
}
