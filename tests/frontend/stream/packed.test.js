import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { decode } from "../../../frontend/app/stream/frame.js";
import { Unpacker, canUnpack } from "../../../frontend/app/stream/packed.js";

/** What tests/wire/packed_fixture.py has written. @type {{messages: string[], frames: string[]}} */
const fixture = JSON.parse(readFileSync(new URL("packed-fixture.json", import.meta.url), "utf8"));

/** @param {string} base64 @returns {ArrayBuffer} */
const bytes = (base64) => Uint8Array.from(atob(base64), (c) => c.charCodeAt(0)).buffer;

test("frames that were packed in Python are read, byte by byte", async () => {
  assert.ok(canUnpack());
  const unpacker = new Unpacker();
  const read = fixture.messages.map((message) => unpacker.read(bytes(message)));
  assert.ok(read.includes(null), "one comes in parts");
  const found = (await Promise.all(read)).filter((frame) => frame !== null);
  assert.deepEqual(found.map((frame) => Buffer.from(frame).toString("base64")), fixture.frames);
  const sizes = fixture.messages.map((message) => bytes(message).byteLength);
  assert.equal(unpacker.received, sizes.reduce((sum, size) => sum + size, 0));
});

test("arrays are mapped onto an unpacked frame", async () => {
  const frame = await new Unpacker().read(bytes(fixture.messages[0] ?? ""));
  const mark = decode(/** @type {ArrayBuffer} */ (frame)).picture.plots[0]?.marks[0];
  assert.ok(mark?.kind === "heatmap");
  assert.deepEqual(mark.values.shape, [6, 5]);
  assert.equal(mark.values.data.buffer, frame);
});

test("a frame without the one before it is an error, and so are broken bytes", async () => {
  const third = fixture.messages[2] ?? "";
  await assert.rejects(async () => new Unpacker().read(bytes(third)));
  const broken = new Uint8Array(bytes(fixture.messages[0] ?? "")).fill(255, 40, 60).buffer;
  await assert.rejects(async () => new Unpacker().read(broken));
});
