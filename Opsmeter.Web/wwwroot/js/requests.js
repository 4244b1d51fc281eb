// Tells a list whether it stands at its top: only there may new rows push the others down.
const nearTop = 2;

export function watchTop(scroll, owner) {
  let atTop = true;
  const look = () => {
    const now = scroll.scrollTop <= nearTop;
    if (now === atTop) return;
    atTop = now;
    owner.invokeMethodAsync('OnScrolled', atTop).catch(() => {});
  };
  scroll.addEventListener('scroll', look, { passive: true });
  look();
  return {
    toTop: () => {
      scroll.scrollTop = 0;
      // The button that was pressed for it goes away.
      scroll.focus({ preventScroll: true });
      look();
    },
    dispose: () => scroll.removeEventListener('scroll', look),
  };
}
