/** An arrow key on a slider always leads to another value, until the end of the range. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { FakeServer } from "../state/server.js";
import { catalogue } from "../state/catalogue.js";

new FakeServer().install();
const { nextValue } = await import("../../../frontend/app/controls/number.js");
const { scaleOf } = await import("../../../frontend/app/controls/scale.js");

/** Every number of the catalogue that has a slider. */
const KNOBS = [catalogue.data, catalogue.models, catalogue.objectives, catalogue.optimizers]
  .flat()
  .flatMap(({ knobs }) => knobs)
  .concat(catalogue.regularization, catalogue.training)
  .filter((knob) => ["integer", "number"].includes(knob.type) && scaleOf(knob));

test("there are sliders to try", () => assert.ok(KNOBS.length > 3));

for (const knob of KNOBS) {
  test(`arrow keys go through ${knob.path}`, () => {
    for (const direction of /** @type {const} */ ([1, -1])) {
      let value = typeof knob.default === "number" ? knob.default : (knob.shown?.[0] ?? 1);
      for (let presses = 0; presses < 3000; presses++) {
        const next = nextValue(knob, value, direction);
        if (next === value) break;
        assert.equal(Math.sign(next - value), direction, `${value} to ${next}`);
        value = next;
      }
      const [low = 0, high = 0] = [knob.shown?.[0] ?? knob.min, knob.shown?.[1] ?? knob.max].map(Number);
      assert.ok(direction > 0 ? value >= high : value <= low, `${value} is where it stops`);
    }
  });
}
