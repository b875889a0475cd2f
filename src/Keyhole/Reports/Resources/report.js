'use strict';
(() => {
  const specs = JSON.parse(document.getElementById('figure-specs').textContent);
  const narrow = window.matchMedia('(max-width: 560px)').matches;
  const settle = [];

  for (const place of document.querySelectorAll('[data-figure]')) {
    const key = place.dataset.figure;
    const spec = structuredClone(specs[key]);
    spec.width = 'container';
    spec.autosize = { type: 'fit-x', contains: 'padding' };
    if (narrow) {
      spec.config.legend.columns = 1;
      spec.config.legend.labelLimit = 260;
    }
    settle.push(vegaEmbed(place, spec, {
      renderer: 'svg',
      downloadFileName: key,
      actions: { export: true, source: false, compiled: false, editor: false },
    }));
  }

  // Tells a test, or anyone, when every figure stands.
  Promise.all(settle).then(
    () => { document.documentElement.dataset.figures = 'drawn'; },
    (failure) => { document.documentElement.dataset.figures = 'failed'; console.error(failure); });

  const field = (cell) => {
    const text = cell === null || cell === undefined ? '' : String(cell);
    return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };

  for (const button of document.querySelectorAll('[data-csv]')) {
    button.addEventListener('click', () => {
      const rows = specs[button.dataset.csv].data.values;
      const columns = Object.keys(rows[0]);
      const lines = [columns, ...rows.map((row) => columns.map((column) => row[column]))];
      const link = document.createElement('a');
      link.href = URL.createObjectURL(new Blob([lines.map((line) => line.map(field).join(',')).join('\n') + '\n'], { type: 'text/csv' }));
      link.download = `${button.dataset.csv}.csv`;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 1000);
    });
  }

  // A link into a folded part unfolds it; paper has nothing to unfold.
  const unfold = () => {
    const target = location.hash.length > 1 ? document.getElementById(decodeURIComponent(location.hash.slice(1))) : null;
    for (let part = target; part; part = part.parentElement) {
      if (part instanceof HTMLDetailsElement) {
        part.open = true;
      }
    }
  };
  window.addEventListener('hashchange', unfold);
  unfold();
  let folded = [];
  window.addEventListener('beforeprint', () => {
    folded = [...document.querySelectorAll('details:not([open])')];
    folded.forEach((part) => { part.open = true; });
  });
  window.addEventListener('afterprint', () => { folded.forEach((part) => { part.open = false; }); });
})();
