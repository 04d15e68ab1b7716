/** Accounts, people, sites and the condition of the house: addresses and what the pages read of them. */
import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { bodyOf, client, type QueryOf } from "./client";
import type { components } from "./schema";

type Schemas = components["schemas"];

export type SecondFactor = Schemas["SecondFactor"];
export type Enrolment = Schemas["Enrolment"];
export type BrowserSession = Schemas["BrowserSession"];
export type ApiToken = Schemas["ApiToken"];
export type UserRow = Schemas["UserRow"];
export type SiteRow = Schemas["Site"];
export type System = Schemas["System"];
export type StorageCheck = Schemas["StorageCheck"];

const at = (id: string) => ({ params: { path: { id } } });
const person = (id: number) => ({ params: { path: { id } } });

export const house = {
  acceptInvitation: (body: Schemas["InvitationRequest"]) =>
    bodyOf(client.POST("/api/v1/auth/invitation/", { body })),
  changePassword: (body: Schemas["PasswordChangeRequest"]) => bodyOf(client.POST("/api/v1/me/password/", { body })),

  secondFactor: () => bodyOf(client.GET("/api/v1/me/second-factor/")),
  beginSecondFactor: (password: string) => bodyOf(client.POST("/api/v1/me/second-factor/", { body: { password } })),
  confirmSecondFactor: (body: Schemas["ConfirmationRequest"]) =>
    bodyOf(client.PUT("/api/v1/me/second-factor/", { body })),
  removeSecondFactor: (password: string) =>
    bodyOf(client.POST("/api/v1/me/second-factor/removal/", { body: { password } })),

  sessions: () => bodyOf(client.GET("/api/v1/sessions/", { params: { query: { page_size: 100 } } })),
  revokeSession: (id: string) => bodyOf(client.DELETE("/api/v1/sessions/{id}/", at(id))),
  tokens: () => bodyOf(client.GET("/api/v1/tokens/", { params: { query: { page_size: 100 } } })),
  makeToken: (body: Schemas["ApiTokenRequestRequest"]) => bodyOf(client.POST("/api/v1/tokens/", { body })),
  revokeToken: (id: string) => bodyOf(client.DELETE("/api/v1/tokens/{id}/", at(id))),

  users: (query: QueryOf<"/api/v1/users/">) => bodyOf(client.GET("/api/v1/users/", { params: { query } })),
  makeUser: (body: Schemas["UserMakeRequest"]) => bodyOf(client.POST("/api/v1/users/", { body })),
  changeUser: (id: number, body: Schemas["PatchedUserChangeRequest"]) =>
    bodyOf(client.PATCH("/api/v1/users/{id}/", { ...person(id), body })),
  invite: (id: number) => bodyOf(client.POST("/api/v1/users/{id}/invite/", person(id))),
  signOutUser: (id: number) => bodyOf(client.POST("/api/v1/users/{id}/sign-out/", person(id))),
  resetSecondFactor: (id: number) => bodyOf(client.POST("/api/v1/users/{id}/reset-second-factor/", person(id))),

  sites: () => bodyOf(client.GET("/api/v1/sites/", { params: { query: { page_size: 200 } } })),
  makeSite: (body: Schemas["SiteRequest"]) => bodyOf(client.POST("/api/v1/sites/", { body })),
  renameSite: (id: string, name: string) =>
    bodyOf(client.PATCH("/api/v1/sites/{id}/", { ...at(id), body: { name } })),

  system: () => bodyOf(client.GET("/api/v1/system/")),
  storageChecks: () => bodyOf(client.GET("/api/v1/storage-checks/", { params: { query: { page_size: 10 } } })),
  checkStorage: (body: Schemas["StorageCheckRequestRequest"]) =>
    bodyOf(client.POST("/api/v1/storage-checks/", { body })),
};

export const houseQueries = {
  secondFactor: () => queryOptions({ queryKey: ["account", "second-factor"], queryFn: house.secondFactor }),
  sessions: () => queryOptions({ queryKey: ["account", "sessions"], queryFn: house.sessions }),
  tokens: () => queryOptions({ queryKey: ["account", "tokens"], queryFn: house.tokens }),
  users: (query: QueryOf<"/api/v1/users/">) =>
    queryOptions({ queryKey: ["users", query], queryFn: () => house.users(query), placeholderData: keepPreviousData }),
  sites: () => queryOptions({ queryKey: ["sites"], queryFn: house.sites }),
  system: () => queryOptions({ queryKey: ["system"], queryFn: house.system, refetchInterval: 5_000 }),
  storageChecks: () =>
    queryOptions({
      queryKey: ["storage-checks"],
      queryFn: house.storageChecks,
      refetchInterval: (held) => (held.state.data?.results.some((row) => !row.report) ? 2_000 : false),
    }),
};
