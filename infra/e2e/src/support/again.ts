import type { Locator } from 'playwright-core';

/** What a step is to lead to: something that is there, or something that is gone. */
interface Reached {
  thing: Locator;
  state: 'visible' | 'hidden';
}

/** How long a step that is done again is waited for, ms. */
const soonMs = 8_000;

/**
 * Does a step until the screen shows what it leads to, as a person does whose press went by: at most `times`, the last
 * time with the patience of every other wait.
 * @throws the TimeoutError of the last time
 */
export async function again(step: () => Promise<void>, { thing, state }: Reached, times = 3): Promise<void> {
  for (let left = times; left > 1; left--) {
    await step();
    const reached = await thing.waitFor({ state, timeout: soonMs }).then(
      () => true,
      () => false,
    );
    if (reached) return;
  }
  await step();
  await thing.waitFor({ state });
}
