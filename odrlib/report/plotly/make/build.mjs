// Writes ../plotly-report.min.js.gz, as plotly.js builds its own bundles (its esbuild-config.js),
// but for browsers of today and without the style sheet of its maps; and ../THIRD_PARTY.txt, the
// licence of every package that has code in it.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import plotly from 'plotly.js/package.json' with { type: 'json' };
import { environmentPlugin } from 'esbuild-plugin-environment';
import { glsl } from 'esbuild-plugin-glsl';

const { outputFiles, metafile } = await build({
  entryPoints: [fileURLToPath(new URL('bundle.js', import.meta.url))],
  format: 'iife',
  globalName: 'Plotly',
  bundle: true,
  minify: true,
  metafile: true,
  write: false,
  target: 'es2022',
  legalComments: 'none',
  banner: { js: `/* plotly.js v${plotly.version} (scatter, bar, heatmap). Copyright 2012-2026, Plotly, Inc. MIT license */` },
  loader: { '.css': 'empty' },
  plugins: [glsl({ minify: true }), environmentPlugin({ NODE_DEBUG: false })],
  alias: { regl: '@plotly/regl', stream: 'stream-browserify' },
  define: { global: 'window', 'define.amd': 'false' },
});
writeFileSync(new URL('../plotly-report.min.js.gz', import.meta.url), gzipSync(outputFiles[0].contents, { level: 9 }));

const folders = Object.values(metafile.outputs)
  .flatMap(({ inputs }) => Object.entries(inputs))
  .filter(([, { bytesInOutput }]) => bytesInOutput)
  .map(([file]) => file.match(/.*node_modules\/(?:@[^/]+\/)?[^/]+/)?.[0]);
const told = [...new Set(folders)].filter(Boolean).sort().map((folder) => {
  const { name, version, license, author } = JSON.parse(readFileSync(`${folder}/package.json`));
  const file = readdirSync(folder).find((each) => /^(licen[sc]e|copying)/i.test(each));
  const who = typeof author === 'string' ? author : author?.name;
  // Who has no file says in package.json who wrote it and under which licence.
  const text = file ? readFileSync(`${folder}/${file}`, 'utf8').trim() : `${license} License, by ${who}`;
  return `${name} ${version} (${license})\n\n${text.replace(/\r/g, '').replace(/[ \t]+$/gm, '')}\n`;
});
const head = 'What is in plotly-report.min.js.gz, with the licence of each package. Written by make/build.mjs.\n';
writeFileSync(new URL('../THIRD_PARTY.txt', import.meta.url), [head, ...told].join(`\n${'-'.repeat(80)}\n\n`));
