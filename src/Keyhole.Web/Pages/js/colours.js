// A scale of colours for numbers from 0 to 1, perceptually even: lightness in OKLab (Ottosson 2020) runs evenly from dark blue to pale yellow while the hue turns,
// as in viridis and cividis, so that it also reads in grey and with any colour vision. On light pages more is darker, on dark pages more is lighter.

const steps = 256;

// Lightness, chroma, hue (degrees) at even places.
const controls = [[0.27, 0.085, 275], [0.40, 0.115, 258], [0.53, 0.105, 232], [0.66, 0.105, 195], [0.79, 0.125, 155], [0.92, 0.135, 108]];
const cache = new Map();

// [256] colours as numbers 0xAABBGGRR, as ImageData holds them; [r, g, b] by rgbAt.
export function scaleColours(dark) {
  if (!cache.has(dark)) {
    cache.set(dark, Uint32Array.from({ length: steps }, (_, i) => {
      const [r, g, b] = rgbAt(i / (steps - 1), dark);
      return (255 << 24 | b << 16 | g << 8 | r) >>> 0;
    }));
  }
  return cache.get(dark);
}

// The colour of what has no number: grey, between both ends.
export function noColour(dark) {
  return dark ? 0xff3f3a36 : 0xffd4cfca;
}

export function rgbAt(share, dark) {
  const place = (dark ? share : 1 - share) * (controls.length - 1);
  const below = Math.min(Math.floor(place), controls.length - 2);
  const part = place - below;
  const [l, c, hue] = controls[below].map((value, i) => value + part * (controls[below + 1][i] - value));
  return fromOklab(l, c * Math.cos(hue * Math.PI / 180), c * Math.sin(hue * Math.PI / 180));
}

// The place of a number on a scale, from 0 to 1; NaN where it has none.
export function placeOn({ scale, low, high }) {
  const bend = scale === "log" ? Math.log : scale === "asinh" ? Math.asinh : (value) => value;
  if (low === null || high === null) {
    return () => NaN;
  }
  const from = bend(low);
  const width = bend(high) - from;
  if (scale === "log") {
    return (value) => Number.isNaN(value) ? NaN : value <= low ? 0 : width > 0 ? Math.min(1, (bend(value) - from) / width) : 1;
  }
  return (value) => width > 0 ? Math.max(0, Math.min(1, (bend(value) - from) / width)) : Number.isNaN(value) ? NaN : value < low ? 0 : value > high ? 1 : 0.5;
}

// The number at a place of a scale.
export function numberAt({ scale, low, high }, place) {
  const mix = (bend) => bend(low) + place * (bend(high) - bend(low));
  return scale === "log" ? Math.exp(mix(Math.log)) : scale === "asinh" ? Math.sinh(mix(Math.asinh)) : mix((value) => value);
}

function fromOklab(l, a, b) {
  const long = (l + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const medium = (l - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const short = (l - 0.0894841775 * a - 1.2914855480 * b) ** 3;
  return [
    4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
    -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
    -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
  ].map((linear) => Math.round(255 * Math.max(0, Math.min(1, linear <= 0.0031308 ? 12.92 * linear : 1.055 * linear ** (1 / 2.4) - 0.055))));
}
