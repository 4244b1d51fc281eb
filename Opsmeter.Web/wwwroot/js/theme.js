// Loaded in the head without defer: decides dark or light before the first paint, and keeps it in a cookie for the
// server's next drawing. Runs on every page, static or not.
(() => {
  const root = document.documentElement;
  const system = matchMedia('(prefers-color-scheme: dark)');
  const choices = ['system', 'light', 'dark'];

  const choice = () => {
    const kept = /(?:^|; )opsmeter-theme=([a-z]+)/.exec(document.cookie)?.[1];
    return choices.includes(kept) ? kept : 'system';
  };

  const apply = (chosen) => {
    const dark = chosen === 'dark' || (chosen === 'system' && system.matches);
    const kept = chosen === 'system' ? `system.${dark ? 'dark' : 'light'}` : chosen;
    const secure = location.protocol === 'https:' ? '; secure' : '';
    document.cookie = `opsmeter-theme=${kept}; path=/; max-age=31536000; samesite=lax${secure}`;
    const changed = root.dataset.theme !== (dark ? 'dark' : 'light');
    root.dataset.theme = dark ? 'dark' : 'light';
    root.dataset.themeChoice = chosen;
    for (const button of document.querySelectorAll('[data-theme-set]')) {
      button.setAttribute('aria-pressed', String(button.dataset.themeSet === chosen));
    }
    if (changed) document.dispatchEvent(new CustomEvent('opsmeter:theme', { detail: { dark } }));
  };

  apply(choice());
  system.addEventListener('change', () => apply(choice()));
  document.addEventListener('click', (event) => {
    const button = event.target.closest?.('[data-theme-set]');
    if (button) apply(button.dataset.themeSet);
  });
})();
