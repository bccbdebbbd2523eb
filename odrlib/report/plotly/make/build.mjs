// Writes ../plotly-report.min.js.gz, as plotly.js builds its own bundles (its esbuild-config.js),
// but for browsers of today and without the style sheet of its maps.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import plotly from 'plotly.js/package.json' with { type: 'json' };
import { environmentPlugin } from 'esbuild-plugin-environment';
import { glsl } from 'esbuild-plugin-glsl';

const { outputFiles } = await build({
  entryPoints: [fileURLToPath(new URL('bundle.js', import.meta.url))],
  format: 'iife',
  globalName: 'Plotly',
  bundle: true,
  minify: true,
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
