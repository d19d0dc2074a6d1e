import type { SightExample, SightLook, SightPicture } from '../../../compute/classifier/report-data.ts';
import type { Point } from '../../../geometry/units.ts';
import { picture } from '../frame-picture.ts';
import { html, pictureSource, readableName, type Html } from '../html.ts';
import { coordinate, formatNumber } from '../numbers.ts';

/** How far beyond the picture a frame may be drawn, as a share of its longer side. */
const beyond = 0.25;

/** Examples as cards: the picture with its frames, the crops, the true class and the answer. */
export function exampleCards(examples: readonly SightExample[]): Html {
  return html`<ul class="cards sights">
    ${examples.map(card)}
  </ul>`;
}

function card(example: SightExample): Html {
  const { label, answer, probability, answerProbability, looks } = example;
  const right = label === answer;
  const name = readableName(example.name);
  const crops = looks.map(
    ({ transformer, crop }, k) =>
      html`<figure class="look look-${k % lineStyles}">
        ${picture(crop, `What ${transformer} passed on of ${name}`)}
        <figcaption>${transformer}</figcaption>
      </figure>`,
  );
  return html`<li class="card">
    <div class="sight">${framedPicture(example)}${crops}</div>
    <p class="name" title="${name}"><bdi>${name}</bdi></p>
    <p class="facts">
      <span><b>${readableName(label)}</b> <small>${formatNumber(100 * probability, 1)} %</small></span>
      ${right ? undefined : html`<span class="flag">taken for ${readableName(answer)}, ${formatNumber(100 * answerProbability, 1)} %</span>`}
    </p>
  </li>`;
}

/** Frames of several transformers are told apart by their dashes, not by colour alone. */
const lineStyles = 4;

function framedPicture({ name, picture: shown, looks }: SightExample): Html {
  const { width, height } = shown;
  const framed = looks.filter((look): look is SightLook & { outline: readonly Point[] } => look.outline !== null);
  const most = beyond * Math.max(width, height);
  const points = framed.flatMap(({ outline }) => outline);
  const range = (pick: 'x' | 'y', length: number): readonly [number, number] => {
    const values = points.map((point) => point[pick]);
    return [Math.max(-most, Math.min(0, ...values)), Math.min(length + most, Math.max(length, ...values))];
  };
  const [left, right] = range('x', width);
  const [top, bottom] = range('y', height);
  const box = [left, top, right - left, bottom - top].map(coordinate).join(' ');
  const frames = framed.map(({ outline, transformer }) => {
    const style = looks.findIndex((look) => look.transformer === transformer) % lineStyles;
    return frameMarks(outline, style, transformer);
  });
  return html`<svg class="original" viewBox="${box}" role="img" aria-label="${readableName(name)} with its frames">
    ${image(shown)}${frames}
  </svg>`;
}

function image({ source, width, height }: SightPicture): Html {
  return html`<image
    href="${pictureSource(source)}"
    width="${width}"
    height="${height}"
    preserveAspectRatio="none"
    class="pixels"
  />`;
}

/** The outline, and a tick that stands on the middle of its first side, which is the upper one. */
function frameMarks(outline: readonly Point[], style: number, transformer: string): Html {
  const perSide = outline.length / 4;
  const at = (t: number): Point => outline[Math.round(t * perSide) % outline.length];
  const middle = between(at(0), at(1));
  const opposite = between(at(2), at(3));
  const tick = `M${coordinate(middle.x)} ${coordinate(middle.y)}l${coordinate(0.1 * (middle.x - opposite.x))} ${coordinate(0.1 * (middle.y - opposite.y))}`;
  const path = `M${outline.map(({ x, y }) => `${coordinate(x)} ${coordinate(y)}`).join('L')}Z${tick}`;
  return html`<path d="${path}" class="frame-halo" /><path d="${path}" class="frame line-${style}"
      ><title>${transformer}</title></path
    >`;
}

function between(a: Point, b: Point): Point {
  return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
}
