/** Makes the fixed elements of the network. */

/** @param {HTMLElement} host */
export function createElements(host) {
  const root = part("div", "network");
  const field = part("div", "net-field");
  const stage = part("div", "net-stage");
  const content = part("div", "net-content");
  const edgeCanvas = part("canvas", "net-edges");
  const mapCanvas = part("canvas", "net-maps");
  const units = part("div", "net-units");
  const headers = part("div", "net-heads");
  const floats = part("div", "net-overlays");
  const message = part("div", "net-message");
  const formulaBar = part("div", "formula-bar");
  for (const canvas of [edgeCanvas, mapCanvas]) canvas.setAttribute("aria-hidden", "true");
  units.setAttribute("role", "group");
  units.setAttribute("aria-label", "Units; arrow keys move between them, Page Up and Page Down through large layers");
  message.setAttribute("role", "status");
  message.id = "net-message";
  content.append(edgeCanvas, mapCanvas, headers, units);
  stage.append(content);
  field.append(stage, floats);
  root.append(field, message, formulaBar);
  host.append(root);
  return { root, stage, content, edgeCanvas, mapCanvas, units, headers, floats, message, formulaBar };
}

/**
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag @param {string} name
 */
function part(tag, name) {
  const element = document.createElement(tag);
  element.className = name;
  return element;
}
