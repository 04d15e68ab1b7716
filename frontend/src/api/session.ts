/** Who is signed in, and what that person may do. */
import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { currentLanguage, knownLanguage, type LanguageCode, switchLanguage } from "~/i18n";
import { api } from "./endpoints";
import type { Me, Session } from "./types";

export const sessionQuery = queryOptions({ queryKey: ["session"], queryFn: api.session, staleTime: Infinity });

const shell = getRouteApi("/shell");

/** The signed-in user, as the router found it on the way in: a page keeps it until it has been left. */
export function useMe(): Me {
  return shell.useRouteContext({ select: (context) => context.me });
}

/** `can("runs.create")`: asks the permission table of the server, sent with the session. */
export function useCan(): (permission: string) => boolean {
  const me = useMe();
  return (permission) => me.permissions.includes(permission);
}

export function useSignIn() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async ({ username, password, code }: { username: string; password: string; code?: string }) => {
      await client.ensureQueryData(sessionQuery); // brings the CSRF token that signing in needs
      return api.signIn(username, password, code);
    },
    onSuccess: async (session: Session) => {
      client.clear();
      client.setQueryData(sessionQuery.queryKey, session);
      const language = knownLanguage(session.user?.language);
      if (language && language !== currentLanguage()) await switchLanguage(language);
    },
  });
}

export function useSignOut() {
  return useMutation({
    mutationFn: api.signOut,
    // A full load forgets every record that the last user has seen.
    onSuccess: () => {
      location.assign("/signin");
    },
  });
}

/** Switches at once; the server remembers it for the next browser where someone is signed in. */
export async function chooseLanguage(code: LanguageCode, signedIn: boolean): Promise<void> {
  const remembered = signedIn ? api.setLanguage(code).catch(() => undefined) : undefined;
  await switchLanguage(code);
  await remembered;
}
