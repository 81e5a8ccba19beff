// Builds what the browser loads into lms/static/build, each file named after its content, with a manifest.json
// {"app.css": "app.1a2b3c4d.css", ...}. Run by hatch_build.py, from the root of the source tree, after `npm ci`.
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename, dirname, extname, join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { build, transform } from "esbuild";
import * as sass from "sass";
import subsetFont from "subset-font";

const source = "lms/assets";
const target = "lms/static/build";
const modules = "node_modules";
const passedOn = ["@fontsource/be-vietnam-pro", "govuk-frontend", "htmx.org", "scorm-again"];
// Phones of 2020 and later.
const browsers = ["chrome80", "firefox80", "safari14.1"];

// The typeface without what no page of ours needs (other languages, alternative letters, hints for old screens): a
// third of its weight. `_fonts.scss` names the same ranges.
const fonts = `${modules}/@fontsource/be-vietnam-pro/files/be-vietnam-pro`;
const features = ["kern", "mark", "mkmk", "ccmp", "locl", "tnum"];
const weights = [400, 700];
const subsets = {
  latin: [[0x20, 0x7e], "\u00a0«»°·×–—‘’“”•…€−↑↓", "ÀÁÂÃÈÉÊÌÍÒÓÔÕÙÚÝàáâãèéêìíòóôõùúý"],
  vietnamese: ["ĂăĐđĨĩŨũƠơƯư₫", "\u0300\u0301\u0303\u0309\u0323", [0x1ea0, 0x1ef9]],
};

const sheets = ["app", "player"];
const offline = `${source}/js/offline`;
const scripts = {
  app: `${source}/js/app.js`,
  player: `${source}/js/player/player.js`,
  deliver: `${offline}/deliver.js`,
  keep: `${offline}/keep.js`,
  saved: `${offline}/saved.js`,
  uploading: `${source}/js/uploading.js`,
  opening: `${source}/js/cmi5/opening.js`,
  player_worker: `${offline}/player_worker.js`,
  worker: `${offline}/worker.js`,
};

// Copied as they are; the left name is the one that templates ask for.
const copies = {
  "images/hero.svg": `${source}/images/hero.svg`,
  "images/logo.png": `${source}/images/logo.png`,
  "images/logo.svg": `${source}/images/logo.svg`,
  "htmx.js": `${modules}/htmx.org/dist/htmx.min.js`,
  // Only the one that a package needs is loaded: that of SCORM 2004 is three times as large.
  "scorm12.js": `${modules}/scorm-again/dist/scorm12.min.js`,
  "scorm2004.js": `${modules}/scorm-again/dist/scorm2004.min.js`,
};

const manifest = {};
const files = new Map(); // path below `target`: bytes

// Text is also kept compressed as far as it goes, which is too slow to do for each visitor.
const compressed = { ".br": brotliCompressSync, ".gz": gzipSync };

function put(name, content) {
  const bytes = Buffer.from(content);
  const digest = createHash("sha256").update(bytes).digest("hex").slice(0, 8);
  const end = extname(name);
  const path = `${name.slice(0, -end.length)}.${digest}${end}`;
  manifest[name] = path;
  files.set(path, bytes);
  if (![".css", ".js", ".svg"].includes(end)) return;
  for (const [ending, compress] of Object.entries(compressed)) files.set(path + ending, compress(bytes));
}

async function typeface() {
  for (const [subset, parts] of Object.entries(subsets)) {
    const letters = parts.map((part) => (typeof part === "string" ? part : range(...part))).join("");
    for (const weight of weights) {
      const whole = await readFile(`${fonts}-${subset}-${weight}-normal.woff2`);
      const part = await subsetFont(whole, letters, { targetFormat: "woff2", keepFeatures: features, noHinting: true });
      put(`fonts/be-vietnam-pro-${subset}-${weight}.woff2`, part);
    }
  }
}

function range(first, last) {
  return String.fromCodePoint(...Array.from({ length: last - first + 1 }, (_, index) => first + index));
}

// The licences of everything that is passed on ask to go with it.
async function licences() {
  const texts = [];
  for (const name of passedOn) texts.push(`${name}\n\n${await licence(`${modules}/${name}`)}`);
  put("licences.txt", texts.join("\n\n----\n\n"));
}

async function licence(folder) {
  const file = (await readdir(folder)).find((entry) => /^licen[cs]e/i.test(entry));
  if (file) return readFile(join(folder, file), "utf8");
  const about = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
  return `${about.license}, ${about.author?.name ?? about.author}`;
}

async function copy() {
  for (const [name, path] of Object.entries(copies)) {
    const bytes = await readFile(path);
    // A package's last line may point at a source map, which is not served.
    put(name, extname(name) === ".js" ? String(bytes).replace(/\n?\/\/# sourceMappingURL=\S+\s*$/, "") : bytes);
  }
}

async function styles() {
  for (const name of sheets) {
    const { css } = sass.compile(`${source}/scss/${name}.scss`, { style: "compressed", loadPaths: [modules] });
    const named = css.replace(/url\("?(fonts\/[^")]+)"?\)/g, (whole, font) => `url(${manifest[font]})`);
    const { code } = await transform(named, { loader: "css", minify: true, target: browsers });
    put(`${name}.css`, code);
  }
}

async function bundle() {
  const { outputFiles } = await build({
    entryPoints: scripts,
    outdir: target,
    bundle: true,
    minify: true,
    write: false,
    format: "esm",
    target: browsers,
    nodePaths: [modules],
    legalComments: "none", // licences.txt has them
  });
  for (const file of outputFiles) put(basename(file.path), file.text);
}

await Promise.all([typeface(), copy(), licences(), bundle()]);
await Promise.all([styles("app"), styles("player")]); // they name the fonts, which come first
files.set("manifest.json", `${JSON.stringify(manifest, null, 2)}\n`);

// Only when everything could be built does it take the place of what was there.
await rm(target, { recursive: true, force: true });
for (const [path, bytes] of files) {
  await mkdir(dirname(join(target, path)), { recursive: true });
  await writeFile(join(target, path), bytes);
}
