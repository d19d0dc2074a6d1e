import type { FrameReading } from '../../../viewer/frame/reading-edits.ts';

/** A transform as a sentence, with what is not worth a word left out. */
export function inWords({ angle, scale, shiftX, shiftY, shear, stretch }: FrameReading): string {
  const turn =
    Math.abs(angle) < 0.05
      ? 'upright'
      : `turned ${number(Math.abs(angle), 1)}° ${angle > 0 ? 'clockwise' : 'anticlockwise'}`;
  const size = `${number(100 * scale, 0)} % of the shorter side`;
  const shifts = [
    Math.abs(shiftX) < 0.5 ? '' : `${number(Math.abs(shiftX), 0)} px ${shiftX > 0 ? 'right' : 'left'}`,
    Math.abs(shiftY) < 0.5 ? '' : `${number(Math.abs(shiftY), 0)} px ${shiftY > 0 ? 'down' : 'up'}`,
  ].filter((part) => part !== '');
  const where = shifts.length === 0 ? 'in the centre' : `${shifts.join(' and ')} of the centre`;
  const shape = [
    stretch < 1.005 ? '' : `stretched ${number(stretch, 2)}×`,
    Math.abs(shear) < 0.05 ? '' : `sheared ${number(shear, 1)}°`,
  ].filter((part) => part !== '');
  const sentence = [turn, size, where, ...shape].join(', ');
  return `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}.`;
}

function number(value: number, digits: number): string {
  return value.toFixed(digits);
}
