/**
 * Makes frontend/dist, the page as few files: `node frontend/bundle.js`, which `make setup` runs.
 *
 * What the two HTML pages name is bundled, minified and put under a name that has its content's
 * hash; the pages name that instead. Each file stands beside itself compressed, so that the server
 * never does it. The sources run without: see backend/livenet/api/page/frontend.py.
 */

import { cp, glob, mkdir, readFile, readdir, rename, rm, utimes, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import { build } from "esbuild";

const FRONTEND = dirname(fileURLToPath(import.meta.url));
const DIST = join(FRONTEND, "dist");
const MAKING = join(FRONTEND, "dist.making");
const PAGES = ["index.html", "docs/index.html"];
const IMPORT_MAP = /\s*<script type="importmap">.*?<\/script>/s;
const ADDRESS = /(?<=\s(?:src|href)=")\.\/(?!api\/)[^"]+/g;
const COMPRESSED = /\.(css|html|js|map|svg)$/;
// The best compression of a large file takes seconds, and nobody waits for a source map.
const LARGE = 2 ** 20;

/** A third party's bundle, which sets a global. */
const asItIs = {
  name: "as-it-is",
  /** @param {import("esbuild").PluginBuild} building */
  setup(building) {
    building.onLoad({ filter: /swagger-ui-bundle\.js$/ }, async ({ path }) => ({
      contents: await readFile(path),
      loader: "copy",
    }));
  },
};

/** KaTeX offers each font in three formats; every browser that can run the page reads woff2. */
const fontsOnce = {
  name: "fonts-once",
  /** @param {import("esbuild").PluginBuild} building */
  setup(building) {
    building.onLoad({ filter: /katex\.min\.css$/ }, async ({ path }) => ({
      contents: (await readFile(path, "utf8")).replace(/,url\([^)]*\.(woff|ttf)\) [^,}]*/g, ""),
      loader: "css",
    }));
  },
};

/**
 * @param {string[]} paths files of the frontend, as the pages name them
 * @returns {Promise<Map<string, string>>} their addresses in dist
 */
async function bundle(paths) {
  const built = await build({
    absWorkingDir: FRONTEND,
    entryPoints: paths,
    outdir: join(MAKING, "assets"),
    entryNames: "[name]-[hash]",
    assetNames: "[name]-[hash]",
    bundle: true,
    format: "esm",
    target: "es2024",
    minify: true,
    sourcemap: "linked",
    loader: { ".svg": "copy", ".webp": "copy", ".woff2": "copy" },
    plugins: [asItIs, fontsOnce],
    metafile: true,
    logLevel: "warning",
  });
  /** @type {Map<string, string>} */
  const addresses = new Map();
  for (const [output, { entryPoint, inputs }] of Object.entries(built.metafile.outputs)) {
    const source = entryPoint ?? Object.keys(inputs)[0];
    const address = `./${relative(MAKING, join(FRONTEND, output))}`;
    if (!output.endsWith(".map")) addresses.set(`./${source}`, address);
  }
  return addresses;
}

/** @param {string} path */
async function compress(path) {
  const plain = await readFile(path);
  const quality = plain.length < LARGE ? constants.BROTLI_MAX_QUALITY : 9;
  const params = { [constants.BROTLI_PARAM_QUALITY]: quality };
  const made = {
    gz: await promisify(gzip)(plain, { level: 9 }),
    br: await promisify(brotliCompress)(plain, { params }),
  };
  for (const [ending, compressed] of Object.entries(made))
    if (compressed.length < plain.length) await writeFile(`${path}.${ending}`, compressed);
}

/**
 * @param {string} page
 * @param {string} html
 * @param {Map<string, string>} addresses
 */
async function writePage(page, html, addresses) {
  const path = join(MAKING, page);
  await mkdir(dirname(path), { recursive: true });
  const bundled = html.replace(IMPORT_MAP, "").replace(ADDRESS, (one) => {
    const address = addresses.get(one);
    if (!address) throw new Error(`${page} names ${one}, which was not bundled`);
    return address;
  });
  await writeFile(path, bundled);
}

async function main() {
  const started = new Date();
  await rm(MAKING, { recursive: true, force: true });
  const pages = await Promise.all(PAGES.map((page) => readFile(join(FRONTEND, page), "utf8")));
  const named = pages.flatMap((html) => html.match(ADDRESS) ?? []);
  const addresses = await bundle([...new Set(named)]);
  for (const [i, html] of pages.entries()) await writePage(PAGES[i] ?? "", html, addresses);
  for await (const license of glob("*/LICENSE", { cwd: join(FRONTEND, "vendor") }))
    await cp(join(FRONTEND, "vendor", license), join(MAKING, "licenses", license));
  const files = (await readdir(MAKING, { recursive: true })).filter((one) => COMPRESSED.test(one));
  await Promise.all(files.map((one) => compress(join(MAKING, one))));
  // A source that was saved meanwhile is newer than this date, and the bundle is known to be old.
  await utimes(join(MAKING, "index.html"), started, started);
  await rm(DIST, { recursive: true, force: true });
  await rename(MAKING, DIST);
}

await main();
