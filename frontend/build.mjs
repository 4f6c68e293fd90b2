// Bundles styles, islands and typeface into src/solvent/web/static/dist, with hashed names and a manifest.
//
// The manifest maps the name that a template asks for ("app.js") to the file that answers, and says
// which chunks an entry imports at once, so that the page can preload them.

import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename, dirname, extname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const HERE = dirname(fileURLToPath(import.meta.url));
const OUT = join(HERE, "..", "src", "solvent", "web", "static", "dist");
const ENTRIES = ["src/app.ts", "src/grid.ts", "src/charts.ts", "css/app.css", "static/mark.svg"];

function nameOf(entry) {
  const ending = extname(entry);
  return basename(entry, ending) + (ending === ".ts" ? ".js" : ending);
}

function manifestOf(outputs) {
  const manifest = {};
  for (const [path, output] of Object.entries(outputs)) {
    const font = /geist-latin-wght-normal-[A-Z0-9]+\.woff2$/.exec(path);
    if (font) manifest["font.woff2"] = { file: font[0], imports: [] };
    const entry = output.entryPoint?.replace(/^.*frontend\//, "");
    if (!ENTRIES.includes(entry)) continue;
    const imports = output.imports
      .filter(({ kind }) => kind === "import-statement")
      .map((each) => basename(each.path));
    manifest[nameOf(entry)] = { file: relative(OUT, path), imports };
  }
  return manifest;
}

// What is shipped inside the bundles keeps its authors' terms beside it.
async function termsOf(inputs) {
  const packages = new Set(
    inputs.flatMap((path) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? []),
  );
  const terms = [];
  for (const name of [...packages].sort()) {
    const folder = join(HERE, "node_modules", name);
    for (const file of await readdir(folder, { withFileTypes: true })) {
      if (!file.isFile() || !/^(licen[cs]e|notice)/i.test(file.name)) continue;
      const text = await readFile(join(folder, file.name), "utf8");
      terms.push(`${name}: ${file.name}\n\n${text}`);
    }
  }
  return terms.join("\n\n");
}

const result = await build({
  absWorkingDir: HERE,
  entryPoints: ENTRIES,
  outdir: OUT,
  bundle: true,
  splitting: true,
  format: "esm",
  target: ["es2023", "chrome123", "firefox128", "safari17.5"],
  minify: true,
  metafile: true,
  write: false,
  legalComments: "none",
  charset: "utf8",
  entryNames: "[name]-[hash]",
  chunkNames: "[name]-[hash]",
  assetNames: "[name]-[hash]",
  loader: { ".woff2": "file", ".svg": "copy" },
  logLevel: "warning",
});

// Files that are no longer made are taken away only after the new ones stand there.
await mkdir(OUT, { recursive: true });
for (const file of result.outputFiles) await writeFile(file.path, file.contents);
const outputs = Object.fromEntries(
  Object.entries(result.metafile.outputs).map(([path, output]) => [join(HERE, path), output]),
);
const manifest = manifestOf(outputs);
await writeFile(join(OUT, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);
await writeFile(join(OUT, "licences.txt"), await termsOf(Object.keys(result.metafile.inputs)));
const beside = ["manifest.json", "licences.txt"];
const kept = new Set([...Object.keys(outputs).map((path) => basename(path)), ...beside]);
for (const name of await readdir(OUT)) if (!kept.has(name)) await rm(join(OUT, name));

const missing = ENTRIES.map(nameOf).filter((name) => !(name in manifest));
if (missing.length) throw new Error(`not built: ${missing.join(", ")}`);
console.log(`${result.outputFiles.length} files in ${relative(process.cwd(), OUT)}`);
