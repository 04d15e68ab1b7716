import { describe, expect, it } from "vitest";
import { layOut, WIDTH, wrapped } from "./flowLayout";

const words = {
  name: (step: string) => step,
  size: (step: { patients: number }) => `${String(step.patients)} patients`,
  excluded: (patients: number) => `Excluded: ${String(patients)}`,
  reason: (step: { step: string; patients: number }) => `${step.step} (n = ${String(step.patients)})`,
  stage: (stage: string, patients: number) => `${stage}: ${String(patients)}`,
};
const step = (name: string, patients: number, excluded = false) => ({
  step: name, patients, images: 2 * patients, excluded, remedy: "", examples: [],
});

describe("the layout of a flow diagram", () => {
  const steps = [step("assessed", 16), step("no-stage", 3, true), step("hf-only", 1, true), step("included", 12)];
  const layout = layOut(steps, { S0: 4, S1: 8 }, words);

  it("has a box for everybody, the excluded together, the included and each stage", () => {
    expect(layout.boxes.map((box) => box.step)).toEqual(["assessed", "excluded", "included", "S0", "S1"]);
    expect(layout.boxes[1]?.lines.map((line) => line.text)).toEqual([
      "Excluded: 4", "no-stage (n = 3)", "hf-only (n = 1)",
    ]);
  });
  it("keeps every box within the picture and none over another", () => {
    for (const [index, box] of layout.boxes.entries()) {
      expect(box.x + box.width).toBeLessThanOrEqual(WIDTH);
      expect(box.y + box.height).toBeLessThanOrEqual(layout.height);
      for (const other of layout.boxes.slice(index + 1)) {
        const apart =
          box.x + box.width <= other.x || other.x + other.width <= box.x ||
          box.y + box.height <= other.y || other.y + other.height <= box.y;
        expect(apart, `${box.step} and ${other.step}`).toBe(true);
      }
    }
  });
  it("needs no box for exclusions where there are none", () => {
    const plain = layOut([step("assessed", 2), step("included", 2)], undefined, words);
    expect(plain.boxes).toHaveLength(2);
    expect(plain.arrows).toHaveLength(1);
  });
  it("breaks long words of either script", () => {
    expect(wrapped("severe heart, kidney or lung dysfunction", 150).length).toBeGreaterThan(1);
    const lines = wrapped("严重心肾或肺功能不全的患者".repeat(3), 150);
    expect(lines.join("")).toBe("严重心肾或肺功能不全的患者".repeat(3));
    expect(lines.every((line) => line.length <= 12)).toBe(true);
  });
});
