// The keyboard, the drawer, the menus and the copy buttons. All of it listens on the document, so it works on static
// pages, before a circuit stands, and for elements that Blazor draws later.
import { keep } from './drafts.js';

const root = document.documentElement;
const narrow = matchMedia('(max-width: 900px)');

// --- appearance ---------------------------------------------------------------------------------------------------

export function watchDark(owner) {
  const tell = () => owner.invokeMethodAsync('OnDarkChanged', root.dataset.theme === 'dark').catch(() => {});
  document.addEventListener('opsmeter:theme', tell);
  tell();
  return { dispose: () => document.removeEventListener('opsmeter:theme', tell) };
}

// --- drawer -------------------------------------------------------------------------------------------------------

function setDrawer(open) {
  const nav = document.querySelector('[data-nav]');
  if (!nav) return;
  const was = root.hasAttribute('data-nav-open');
  root.toggleAttribute('data-nav-open', open);
  document.querySelector('[data-page]')?.toggleAttribute('inert', open);
  const toggle = document.querySelector('[data-nav-toggle]');
  toggle?.setAttribute('aria-expanded', String(open));
  if (open) nav.querySelector('a')?.focus();
  else if (was) toggle?.focus();
}

narrow.addEventListener('change', () => setDrawer(false));

// --- menus --------------------------------------------------------------------------------------------------------

function closeMenus(except) {
  let closed = false;
  for (const menu of document.querySelectorAll('details[data-menu][open]')) {
    if (menu === except) continue;
    menu.open = false;
    closed = true;
    if (menu.contains(document.activeElement)) menu.querySelector('summary').focus();
  }
  return closed;
}

export function closeMenu(menu) {
  if (!menu?.open) return;
  menu.open = false;
  menu.querySelector('summary').focus();
}

function openMenu(selector) {
  const menu = document.querySelector(selector);
  if (!menu) return false;
  closeMenus(menu);
  menu.open = true;
  (menu.querySelector('[data-menu-focus]') ?? menu.querySelector('summary')).focus({ preventScroll: true });
  return true;
}

// What opens near the right edge moves in from it.
function keepInside(menu) {
  const list = menu.querySelector('.menu-list');
  if (!list) return;
  list.style.marginLeft = '';
  const over = list.getBoundingClientRect().right - root.clientWidth + 8;
  if (over > 0 && !narrow.matches) list.style.marginLeft = `${-over}px`;
}

// A menu with a field to write in begins there.
document.addEventListener('toggle', (event) => {
  const menu = event.target;
  if (!(menu instanceof HTMLDetailsElement) || !menu.open || !menu.matches('[data-menu]')) return;
  keepInside(menu);
  menu.querySelector('input[data-menu-focus]')?.focus({ preventScroll: true });
}, true);

// Whoever tabs out of a menu is done with it.
document.addEventListener('focusin', (event) => {
  if (event.target instanceof Element) closeMenus(event.target.closest('details[data-menu]'));
});

// Up and down move among the entries; the browser keeps them where they mean something else.
function moveInMenu(event) {
  const menu = event.target instanceof Element ? event.target.closest('details[data-menu][open]') : null;
  if (!menu || !/^Arrow(Up|Down)$/.test(event.key) || event.target.matches('select, input:not([type="text"])')) return false;
  const items = [...menu.querySelectorAll('.menu-item')];
  if (!items.length) return false;
  const at = items.indexOf(event.target);
  const next = event.key === 'ArrowDown' ? items[at + 1] : items[at - 1] ?? menu.querySelector('input[data-menu-focus]');
  next?.focus();
  return true;
}

// --- copying ------------------------------------------------------------------------------------------------------

let announcer;
function announce(text) {
  if (!announcer) {
    announcer = document.createElement('div');
    announcer.className = 'visually-hidden';
    announcer.setAttribute('role', 'status');
    document.body.append(announcer);
  }
  announcer.textContent = '';
  setTimeout(() => { announcer.textContent = text; }, 50);
}

// navigator.clipboard exists only on https and localhost; a server in the office is often neither.
async function copyText(text) {
  if (navigator.clipboard && isSecureContext) {
    await navigator.clipboard.writeText(text);
    return true;
  }
  const area = document.createElement('textarea');
  area.value = text;
  area.className = 'visually-hidden';
  document.body.append(area);
  area.select();
  const done = document.execCommand('copy');
  area.remove();
  return done;
}

async function copyFrom(button) {
  const source = document.getElementById(button.dataset.copy);
  if (!source) return;
  let done = false;
  try { done = await copyText(source.textContent); } catch { done = false; }
  button.focus();
  if (!done) {
    getSelection().selectAllChildren(source);
    announce('Copying was refused; the text is selected');
    return;
  }
  button.dataset.copied = '';
  announce('Copied');
  setTimeout(() => delete button.dataset.copied, 1600);
}

// --- keyboard -----------------------------------------------------------------------------------------------------

const sequenceMs = 1200;
let goAt = -Infinity;

function typing(target) {
  return target.isContentEditable || /^(input|textarea|select)$/i.test(target.tagName);
}

function openHelp() {
  const help = document.getElementById('shortcut-help');
  if (help && !help.open) help.showModal();
}

// What is being typed is told when its field is left: leave it first, then save.
document.addEventListener('keydown', (event) => {
  if (event.key !== 's' || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
  const save = document.querySelector('[data-save]');
  if (!save || document.querySelector('.mud-dialog')) return;
  event.preventDefault();
  const field = document.activeElement;
  field?.blur?.();
  field?.focus?.();
  save.click();
});

document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape') {
    if (root.hasAttribute('data-nav-open')) setDrawer(false);
    // What was begun inside a menu is given up before the menu is.
    const cancel = event.target instanceof Element ? event.target.closest('form')?.querySelector('[data-cancel]') : null;
    if (cancel) { cancel.click(); return; }
    closeMenus();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (moveInMenu(event)) {
    event.preventDefault();
    return;
  }
  if (typing(event.target)) return;
  if (document.querySelector('dialog[open], .mud-dialog')) return;
  if (event.key === '?') {
    event.preventDefault();
    openHelp();
    return;
  }
  const sinceGo = event.timeStamp - goAt;
  goAt = -Infinity;
  if (event.key === 'g') {
    goAt = event.timeStamp;
  } else if (sinceGo < sequenceMs) {
    const link = [...document.querySelectorAll('a[data-key]')].find((a) => a.dataset.key === event.key);
    if (link) {
      event.preventDefault();
      link.click();
    }
  } else if (event.key === '/' || event.key === 't') {
    if (openMenu(event.key === '/' ? '[data-filter-menu]' : '[data-range-menu]')) event.preventDefault();
  }
});

// --- clicks -------------------------------------------------------------------------------------------------------

document.addEventListener('click', (event) => {
  const target = event.target;
  if (!(target instanceof Element)) return;
  const menu = target.closest('details[data-menu]');
  closeMenus(menu);
  if (menu && target.closest('.menu-item')) menu.open = false;
  if (target.closest('[data-nav-toggle]')) setDrawer(!root.hasAttribute('data-nav-open'));
  else if (target.closest('[data-nav-close]') || (narrow.matches && target.closest('[data-nav] a'))) setDrawer(false);
  // The chip goes with its filter; the focus stays nearby.
  if (target.closest('[data-to-filter]')) document.querySelector('[data-filter-menu] summary')?.focus();
  const copy = target.closest('[data-copy]');
  if (copy) copyFrom(copy);
  if (target.closest('[data-help-open]')) { if (narrow.matches) setDrawer(false); openHelp(); }
  if (target.closest('[data-skip]')) { event.preventDefault(); document.getElementById('content')?.focus(); }
  const wrong = target.closest('[data-focus]');
  if (wrong) document.getElementById(wrong.dataset.focus)?.focus();
  if (target.closest('[data-reload]')) reload();
  if (target.closest('[data-reconnect]')) reconnect();
  if (target.closest('[data-resume]')) resume();
  if (target instanceof HTMLDialogElement && target.classList.contains('sheet')) target.close();
});

// --- the circuit --------------------------------------------------------------------------------------------------

// The server is back within seconds where it was restarted, and asked each second; a laptop that slept asks on.
const RetryMs = 1_000;
const RareRetryMs = 10_000;
const OftenFor = 60;

Blazor.start({
  circuit: { reconnectionOptions: { maxRetries: 1_000, retryIntervalMilliseconds: (tried, most) => (tried >= most ? null : tried < OftenFor ? RetryMs : RareRetryMs) } },
});

function reload() {
  keep();
  location.reload();
}

async function reconnect() {
  try {
    if (!(await Blazor.reconnect()) && !(await Blazor.resumeCircuit())) reload();
  } catch { /* Still unreachable: Blazor shows "failed" again and the button stays. */ }
}

async function resume() {
  if (!(await Blazor.resumeCircuit())) reload();
}

// A rejected circuit is gone for good; whoever returns to the tab wants the page, not a question.
document.getElementById('components-reconnect-modal')?.addEventListener('components-reconnect-state-changed', (event) => {
  const state = event.detail.state;
  root.toggleAttribute('data-offline', state !== 'hide');
  if (state === 'failed') document.addEventListener('visibilitychange', returned);
  else document.removeEventListener('visibilitychange', returned);
  if (state === 'rejected') reload();
});

function returned() {
  if (document.visibilityState === 'visible') reconnect();
}
