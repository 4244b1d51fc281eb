// What somebody has typed outlives the page: when the server was restarted, the page is loaded anew and the fields are
// filled in again. It stays in this tab, for this page, and no password is kept.
const Place = 'opsmeter-drafts';
const Longest = 20_000;
const PatienceMs = 8_000;
const touched = new Set();

const isKept = (field) =>
  field instanceof HTMLTextAreaElement || field instanceof HTMLSelectElement
  || (field instanceof HTMLInputElement && !['password', 'hidden', 'file', 'submit', 'button'].includes(field.type));

document.addEventListener('input', (event) => {
  if (isKept(event.target) && event.target.closest('main, .mud-dialog')) touched.add(event.target);
}, true);

function nameOf(field) {
  const label = field.labels?.[0]?.innerText ?? field.getAttribute('aria-label') ?? field.name ?? '';
  const group = field.closest('[aria-label], [aria-labelledby], fieldset, section');
  const heading = group?.getAttribute('aria-label') ?? document.getElementById(group?.getAttribute('aria-labelledby') ?? '')?.innerText ?? '';
  return `${heading.trim()}\n${label.trim()}`;
}

const fields = () => [...document.querySelectorAll('main input, main textarea, main select, .mud-dialog input, .mud-dialog textarea, .mud-dialog select')].filter(isKept);

const valueOf = (field) => (field.type === 'checkbox' || field.type === 'radio' ? String(field.checked) : field.value);

/** Keeps what was typed, before the page is loaded anew. */
export function keep() {
  const counts = new Map();
  const kept = [];
  for (const field of fields()) {
    const name = nameOf(field);
    const number = counts.get(name) ?? 0;
    counts.set(name, number + 1);
    if (touched.has(field) && valueOf(field).length <= Longest) kept.push({ name, number, value: valueOf(field) });
  }
  try {
    sessionStorage.setItem(Place, JSON.stringify({ page: location.pathname + location.search, kept }));
  } catch { /* No room, or not allowed: the page is loaded anew all the same. */ }
}

function fill(field, value) {
  if (field.type === 'checkbox' || field.type === 'radio') {
    if (String(field.checked) !== value) field.click();
    return;
  }
  field.value = value;
  field.dispatchEvent(new Event('input', { bubbles: true }));
  field.dispatchEvent(new Event('change', { bubbles: true }));
}

function say(lost) {
  const box = document.createElement('div');
  box.className = 'restored';
  box.setAttribute('role', 'status');
  const text = document.createElement('span');
  text.textContent = lost.length === 0
    ? 'The server was restarted. What you had typed is back.'
    : `The server was restarted. What you had typed where there is no field now: ${lost.map((draft) => draft.value).join(' · ')}`;
  const close = document.createElement('button');
  Object.assign(close, { type: 'button', className: 'button quiet small', textContent: 'Close' });
  close.addEventListener('click', () => box.remove());
  box.append(text, close);
  document.body.append(box);
}

// A field that is only there after another was filled in is looked for again.
async function restore() {
  const text = sessionStorage.getItem(Place);
  sessionStorage.removeItem(Place);
  const { page, kept } = text ? JSON.parse(text) : {};
  if (!kept?.length || page !== location.pathname + location.search) return;
  let waiting = kept;
  for (const until = Date.now() + PatienceMs; waiting.length > 0 && Date.now() < until;) {
    await new Promise((done) => setTimeout(done, 150));
    if (!document.querySelector('.live-on')) continue;
    const all = fields();
    waiting = waiting.filter((draft) => {
      const field = all.filter((each) => nameOf(each) === draft.name)[draft.number];
      if (!field || field.disabled || field.closest('fieldset[disabled]')) return true;
      if (valueOf(field) !== draft.value) fill(field, draft.value);
      touched.add(field);
      return false;
    });
  }
  say(waiting.filter((draft) => draft.value !== 'true' && draft.value !== 'false'));
}

restore().catch(() => { /* The page is there; what was typed is not worth losing it for. */ });
