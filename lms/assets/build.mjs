// Builds what the browser loads into lms/static/build, each file named after its content, with a manifest.json
// {"app.css": "app.1a2b3c4d.css", ...}. Run by hatch_build.py, from the root of the source tree, after `npm ci`.
import { createHash } from "node:crypto";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename, extname, join } from "node:path";
import { build } from "esbuild";
import * as sass from "sass";

const source = "lms/assets";
const target = "lms/static/build";
const modules = "node_modules";
// Phones of 2020 and later.
const browsers = ["chrome80", "firefox80", "safari14.1"];
const fonts = `${modules}/@fontsource/be-vietnam-pro/files/be-vietnam-pro`;

// Copied as they are; the left name is the one that templates ask for.
const copies = {
  "fonts/be-vietnam-pro-latin-400.woff2": `${fonts}-latin-400-normal.woff2`,
  "fonts/be-vietnam-pro-latin-700.woff2": `${fonts}-latin-700-normal.woff2`,
  "fonts/be-vietnam-pro-vietnamese-400.woff2": `${fonts}-vietnamese-400-normal.woff2`,
  "fonts/be-vietnam-pro-vietnamese-700.woff2": `${fonts}-vietnamese-700-normal.woff2`,
  "images/hero.svg": `${source}/images/hero.svg`,
  "images/logo.png": `${source}/images/logo.png`,
  "images/logo.svg": `${source}/images/logo.svg`,
  "htmx.js": `${modules}/htmx.org/dist/htmx.min.js`,
  "scorm12.js": `${modules}/scorm-again/dist/scorm12.min.js`,
};

const manifest = {};

async function put(name, content) {
  const bytes = Buffer.from(content);
  const digest = createHash("sha256").update(bytes).digest("hex").slice(0, 8);
  const end = extname(name);
  manifest[name] = `${name.slice(0, -end.length)}.${digest}${end}`;
  const path = join(target, manifest[name]);
  await mkdir(join(path, ".."), { recursive: true });
  await writeFile(path, bytes);
}

async function copy() {
  for (const [name, path] of Object.entries(copies)) {
    const bytes = await readFile(path);
    // A package's last line may point at a source map, which is not served.
    await put(name, extname(name) === ".js" ? String(bytes).replace(/\n?\/\/# sourceMappingURL=\S+\s*$/, "") : bytes);
  }
}

async function styles() {
  const { css } = sass.compile(`${source}/scss/app.scss`, { style: "compressed", loadPaths: [modules] });
  const named = css.replace(/url\("?(fonts\/[^")]+)"?\)/g, (whole, name) => `url(${manifest[name]})`);
  const { outputFiles } = await build({
    stdin: { contents: named, loader: "css" },
    minify: true,
    write: false,
    bundle: false,
    target: browsers,
  });
  await put("app.css", outputFiles[0].text);
}

async function scripts() {
  const { outputFiles } = await build({
    entryPoints: [`${source}/js/app.js`],
    outdir: target,
    bundle: true,
    minify: true,
    write: false,
    format: "esm",
    target: browsers,
    nodePaths: [modules],
  });
  for (const file of outputFiles) await put(basename(file.path), file.text);
}

await rm(target, { recursive: true, force: true });
await mkdir(target, { recursive: true });
await copy();
await Promise.all([styles(), scripts()]);
await writeFile(join(target, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);
