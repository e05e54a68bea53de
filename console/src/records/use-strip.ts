import { useEffect, useRef, useState } from 'react';

/**
 * A row of tabs that may be wider than its place: the chosen one is brought into sight.
 * @returns `cut`: whether some of it is out of sight, so that a menu of all is needed
 */
export function useStrip(chosen: string | undefined) {
  const ref = useRef<HTMLDivElement>(null);
  const [cut, setCut] = useState(false);

  useEffect(() => {
    const strip = ref.current;
    if (!strip) return;
    const measure = () => setCut(strip.scrollWidth > strip.clientWidth + 1);
    const sizes = new ResizeObserver(measure);
    const contents = new MutationObserver(measure);
    sizes.observe(strip);
    contents.observe(strip, { childList: true, subtree: true, characterData: true });
    measure();
    return () => {
      sizes.disconnect();
      contents.disconnect();
    };
  }, []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: what is chosen decides which tab is selected
  useEffect(() => {
    const tab = ref.current?.querySelector('[aria-selected="true"]');
    (tab?.parentElement === ref.current ? tab : tab?.parentElement)?.scrollIntoView({
      inline: 'nearest',
      block: 'nearest',
    });
  }, [chosen, cut]);

  return { ref, cut };
}
