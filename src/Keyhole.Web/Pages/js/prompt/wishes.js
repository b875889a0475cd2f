// Interventions as the address and the server write them: MEMORY:KIND[:VALUE][:WHERE], such as L3N12:off or L4N6:max:3:last.

// [kind, label, whether it takes a number, the number to begin with]
export const kinds = [
  ["off", "switch off", false, null],
  ["scale", "scale by", true, "0.5"],
  ["set", "set to", true, "1"],
  ["add", "add", true, "1"],
  ["max", "set to × its maximum", true, "1"],
  ["min", "set to × its minimum", true, "1"],
  ["quantile", "set to its quantile", true, "0.99"],
];

const verbs = {
  off: () => "switched off",
  scale: (value) => `scaled by ${value}`,
  set: (value) => `set to ${value}`,
  add: (value) => `plus ${value}`,
  max: (value) => `set to ${value} × its maximum`,
  min: (value) => `set to ${value} × its minimum`,
  quantile: (value) => `set to its ${value}-quantile`,
};

export function takesNumber(kind) {
  return kinds.find(([name]) => name === kind)?.[2] ?? true;
}

export function wish(memory, kind, value, place) {
  return [memory, kind, takesNumber(kind) ? value : null, place === "all" ? null : place].filter((part) => part !== null && part !== "").join(":");
}

// "L4N6:max:3:last" -> { memory, words }; what is not understood is shown as it is, and the server says what is wrong with it.
export function described(text) {
  const [memory, kind, ...rest] = text.split(":");
  if (!(kind in verbs)) {
    return { memory: text, words: "" };
  }
  const value = takesNumber(kind) ? rest.shift() : null;
  const place = rest.shift() ?? "all";
  return { memory, words: `${verbs[kind](value)}, ${placed(place)}` };
}

function placed(place) {
  if (place === "all") {
    return "at all positions";
  }
  if (place === "last") {
    return "at the last position";
  }
  return place.includes(",") ? `at positions ${place.replaceAll(",", ", ")}` : `at position ${place}`;
}
