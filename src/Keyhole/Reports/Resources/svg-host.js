'use strict';
// What Vega expects of its host beyond the language. Warnings are errors: a figure that Vega doubts is not written.
globalThis.structuredClone = (value) => {
  if (value === null || typeof value !== 'object' || value instanceof RegExp) {
    return value;
  }
  if (Array.isArray(value)) {
    return value.map(globalThis.structuredClone);
  }
  if (value instanceof Date) {
    return new Date(value);
  }
  const copy = {};
  for (const key of Object.keys(value)) {
    copy[key] = globalThis.structuredClone(value[key]);
  }
  return copy;
};
globalThis.setTimeout = (work) => { Promise.resolve().then(work); return 1; };
globalThis.clearTimeout = () => {};
globalThis.performance = { now: () => 0 };
globalThis.keyholeDrawing = { state: '', text: '' };
const refuse = (...words) => { throw new Error(words.join(' ')); };
globalThis.console = { log: () => {}, info: () => {}, debug: () => {}, warn: refuse, error: refuse };
globalThis.keyholeDraw = (spec) => {
  keyholeDrawing = { state: 'pending', text: '' };
  const view = new vega.View(vega.parse(vegaLite.compile(JSON.parse(spec)).spec), { renderer: 'none' });
  view.toSVG().then(
    (svg) => { keyholeDrawing = { state: 'drawn', text: svg }; },
    (failure) => { keyholeDrawing = { state: 'failed', text: String(failure) }; });
};
