/** The page's behaviour: flipping pictures in place, reading charts, sorting the table. Works on what is there. */
export const script = `
'use strict';
for (const pair of document.querySelectorAll('.flip')) {
  const overlay = pair.querySelector('[data-action=overlay]');
  const flip = pair.querySelector('[data-action=flip]');
  const stage = pair.querySelector('.stage');
  const turn = () => {
    if (!pair.classList.contains('overlaid')) return;
    pair.classList.toggle('flipped');
  };
  overlay.addEventListener('click', () => {
    const on = pair.classList.toggle('overlaid');
    pair.classList.remove('flipped');
    overlay.setAttribute('aria-pressed', String(on));
    flip.hidden = !on;
    if (on) flip.focus();
  });
  flip.addEventListener('click', turn);
  stage.addEventListener('click', turn);
}
for (const button of document.querySelectorAll('[data-action=show-mean]')) {
  button.addEventListener('click', () => {
    const on = document.body.classList.toggle('show-mean');
    button.setAttribute('aria-pressed', String(on));
  });
}
for (const chart of document.querySelectorAll('.chart')) {
  const svg = chart.querySelector('svg');
  const readout = chart.querySelector('.readout');
  const marks = [...chart.querySelectorAll('[data-note]')];
  if (marks.length === 0) continue;
  const places = marks.map((mark) => {
    const box = mark.getBBox();
    return [box.x + box.width / 2, box.y + box.height / 2];
  });
  const sorted = places.map((_, index) => index).sort((a, b) => places[a][0] - places[b][0]);
  const curve = chart.querySelector('.probe') !== null;
  let chosen = -1;
  const choose = (index) => {
    if (chosen >= 0) marks[chosen].classList.remove('chosen');
    chosen = index;
    if (chosen >= 0) marks[chosen].classList.add('chosen');
    readout.textContent = chosen >= 0 ? marks[chosen].dataset.note : '';
  };
  svg.setAttribute('tabindex', '0');
  svg.addEventListener('pointermove', (event) => {
    const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
    let best = -1;
    let least = curve ? Infinity : 400;
    places.forEach(([x, y], index) => {
      const distance = (x - at.x) ** 2 + (curve ? 0 : (y - at.y) ** 2);
      if (distance < least) [best, least] = [index, distance];
    });
    choose(best);
  });
  svg.addEventListener('pointerleave', () => choose(-1));
  svg.addEventListener('blur', () => choose(-1));
  svg.addEventListener('keydown', (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const from = chosen < 0 ? (step > 0 ? -1 : sorted.length) : sorted.indexOf(chosen);
    choose(sorted[Math.min(sorted.length - 1, Math.max(0, from + step))]);
  });
}
for (const table of document.querySelectorAll('table.scores')) {
  const heads = [...table.tHead.rows[0].cells];
  heads.forEach((head, column) => {
    head.querySelector('button').addEventListener('click', () => {
      const down = head.getAttribute('aria-sort') === 'ascending';
      for (const other of heads) other.removeAttribute('aria-sort');
      head.setAttribute('aria-sort', down ? 'descending' : 'ascending');
      const numeric = head.classList.contains('number');
      const key = (row) => row.cells[column].dataset.value;
      const rows = [...table.tBodies[0].rows].sort((a, b) => {
        const [first, second] = [key(a), key(b)];
        if (first === '' || second === '') return (first === '') - (second === '');
        const order = numeric ? first - second : first < second ? -1 : first > second ? 1 : 0;
        return down ? -order : order;
      });
      table.tBodies[0].append(...rows);
    });
  });
}
`;
