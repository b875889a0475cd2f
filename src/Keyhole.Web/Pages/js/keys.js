// The key that works on every page: "/" goes to the field that searches, unless somebody is typing.

export function listenForKeys() {
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || isTyping(event.target)) {
      return;
    }
    const input = document.getElementById("search-q") ?? document.querySelector(".goto input");
    if (input) {
      event.preventDefault();
      input.focus();
      input.select();
    }
  });
}

function isTyping(element) {
  return element instanceof HTMLElement && (element.isContentEditable || ["TEXTAREA", "SELECT"].includes(element.tagName) || (element.tagName === "INPUT" && !["radio", "checkbox", "button", "range"].includes(element.type)));
}
