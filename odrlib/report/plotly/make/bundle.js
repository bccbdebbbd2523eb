'use strict';
// plotly.js with the traces of our figures; page.py names the same ones.
const Plotly = require('plotly.js/lib/core');
Plotly.register([require('plotly.js/lib/bar'), require('plotly.js/lib/heatmap')]);

// Plotly draws all annotations once only to learn how far they stretch the axes, and then again.
// Where the axes have their range, or annotations stand on the paper, there is nothing to learn.
const annotations = require('plotly.js/src/components/annotations');
const { calcAutorange } = annotations;
annotations.calcAutorange = (gd) => {
  const layout = gd._fullLayout;
  const stretches = (letter, ref) =>
    ref[0] === letter && !ref.includes('domain') && layout[`${letter}axis${ref.slice(1)}`]?.autorange;
  if (layout.annotations.some(({ visible, xref, yref }) => visible && (stretches('x', xref) || stretches('y', yref)))) {
    return calcAutorange(gd);
  }
};
module.exports = Plotly;
