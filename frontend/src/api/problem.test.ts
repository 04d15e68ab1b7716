import { describe, expect, it } from "vitest";
import { ApiProblem, flattenErrors, problemOf } from "./problem";

describe("a refused request", () => {
  it("has its messages by field, as the server lists them or as nested objects", () => {
    const listed = [
      { field: "spec.epochs", message: "too small", code: "min" },
      { field: "spec.epochs", message: "not odd", code: "odd" },
      { field: "name", message: "too long", code: "max" },
    ];
    expect(flattenErrors(listed)).toEqual({ "spec.epochs": ["too small", "not odd"], name: ["too long"] });
    expect(flattenErrors({ spec: { epochs: ["too small"] } })).toEqual({ "spec.epochs": ["too small"] });
  });

  it("keeps code, sentence and remedy", async () => {
    const body = { title: "Conflict", status: 409, detail: "No champion.", code: "no-champion-model", remedy: "Promote." };
    const response = Response.json(body, { status: 409, headers: { "content-type": "application/problem+json" } });
    const problem = await problemOf(response);
    expect(problem).toBeInstanceOf(ApiProblem);
    expect([problem.status, problem.code, problem.message, problem.remedy]).toEqual([
      409,
      "no-champion-model",
      "No champion.",
      "Promote.",
    ]);
  });

  it("is a problem too when a proxy answers in HTML", async () => {
    const problem = await problemOf(new Response("<h1>Bad gateway</h1>", { status: 502, statusText: "Bad Gateway" }));
    expect([problem.status, problem.code]).toEqual([502, "http-502"]);
  });
});
