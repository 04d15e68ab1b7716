import { MantineProvider } from "@mantine/core";
import "@mantine/core/styles.css";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { setNonce } from "get-nonce";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { whenSignedOut } from "~/api/client";
import { ApiProblem } from "~/api/problem";
import { sessionQuery } from "~/api/session";
import { startTranslation } from "~/i18n";
import { makeRouter } from "~/router";
import { cssVariables, styleNonce, theme } from "~/theme";
import { guardLeaving } from "~/upload/send";
import "~/styles.css";

/** Only a fault of the way there is worth a second request: the server's own answer will not change. */
function worthAnotherTry(failures: number, error: unknown): boolean {
  return failures < 2 && error instanceof ApiProblem && (error.status === 0 || error.status >= 502);
}

const queryClient = new QueryClient({
  defaultOptions: { queries: { staleTime: 5_000, retry: worthAnotherTry }, mutations: { retry: false } },
});
const router = makeRouter(queryClient);

whenSignedOut(() => {
  queryClient.removeQueries({ queryKey: sessionQuery.queryKey });
  void router.invalidate();
});
guardLeaving();
setNonce(styleNonce()); // for the sheet that keeps the page still behind a dialog

const place = document.getElementById("root");
if (!place) throw new Error("index.html has no #root");
await startTranslation();
createRoot(place).render(
  <StrictMode>
    <MantineProvider theme={theme} defaultColorScheme="auto" cssVariablesResolver={cssVariables} getStyleNonce={styleNonce}>
      <QueryClientProvider client={queryClient}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
);
