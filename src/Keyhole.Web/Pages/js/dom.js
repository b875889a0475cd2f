// The only way pages make elements: text goes into text nodes, never through an HTML parser, so nothing that a text holds can become markup.

const SVG = "http://www.w3.org/2000/svg";
const svgTags = new Set(["svg", "g", "path", "line", "rect", "circle", "text", "title", "polyline", "tspan", "defs", "clipPath"]);

// h("button", { class: "small", onclick: f, aria: { label: "Close" } }, "Close", child, [more])
// Properties: class, data (object), aria (object), style (object of CSS properties), on... (listeners), everything else an attribute; true sets an empty one, false and null none.
export function h(tag, props, ...children) {
  return fill(document.createElement(tag), props, children);
}

// The same in SVG.
export function svg(tag, props, ...children) {
  if (!svgTags.has(tag)) {
    throw new Error(`svg: no element ${tag}`);
  }
  return fill(document.createElementNS(SVG, tag), props, children);
}

// Puts children in place of what an element holds, in one step.
export function replace(element, ...children) {
  element.replaceChildren(...flat(children));
  return element;
}

function fill(element, props, children) {
  for (const [name, value] of Object.entries(props ?? {})) {
    if (value === null || value === undefined || value === false) {
      continue;
    }
    if (name === "data" || name === "aria") {
      for (const [key, part] of Object.entries(value)) {
        if (part !== null && part !== undefined) {
          element.setAttribute(`${name}-${key}`, String(part));
        }
      }
    } else if (name === "style") {
      for (const [key, part] of Object.entries(value)) {
        element.style.setProperty(key, String(part));
      }
    } else if (name.startsWith("on")) {
      element.addEventListener(name.slice(2), value);
    } else if (name === "value" && "value" in element) {
      element.value = value;
    } else {
      element.setAttribute(name, value === true ? "" : String(value));
    }
  }
  element.append(...flat(children));
  return element;
}

function flat(children) {
  return children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false).map((child) => child instanceof Node ? child : document.createTextNode(String(child)));
}
