// The query of an address.

// fields: an object; those that are null or empty are left out.
export function query(fields) {
  const given = Object.entries(fields ?? {}).filter(([, value]) => value !== null && value !== undefined && value !== "");
  return given.length === 0 ? "" : "?" + new URLSearchParams(given.map(([name, value]) => [name, String(value)]));
}
