import type { Locator, Page } from 'playwright-core';
import { again } from './again.js';

/** The control that a label names, inside of a part of the page. */
export function labelled(part: Page | Locator, label: string): Locator {
  return part.getByLabel(label, { exact: true });
}

/** The button of that name and no other. */
export function button(part: Page | Locator, name: string): Locator {
  return part.getByRole('button', { name, exact: true });
}

/** Opens a drop-down and takes the option that says so. */
export async function choose(page: Page, box: Locator, option: string | RegExp): Promise<void> {
  await box.click();
  const choice = page.getByRole('option').filter({ has: page.getByText(option, { exact: true }), visible: true });
  await choice.first().click();
  await choice.first().waitFor({ state: 'hidden' });
}

/** Types words into a box of tags, each ended by Enter, and closes its list of suggestions. */
export async function enterTags(page: Page, box: Locator, words: readonly string[]): Promise<void> {
  await box.click();
  for (const word of words) {
    await page.keyboard.insertText(word);
    await page.keyboard.press('Enter');
  }
  // Tab would take the suggestion that is lit, and so undo it; Escape would close what lies around a list that is closed.
  const suggestions = page.getByRole('option').filter({ visible: true }).first();
  const leave = async () => {
    await box.focus();
    await box.blur();
  };
  await again(leave, { thing: suggestions, state: 'hidden' });
}

/** Drags with the mouse in small moves, as a hand does, and lets go at the point of the target. */
export async function drag(page: Page, from: Locator, to: { x: number; y: number }): Promise<void> {
  const start = await middleOf(from);
  await page.mouse.move(start.x, start.y);
  await page.mouse.down();
  await page.mouse.move(start.x + 8, start.y + 8, { steps: 3 });
  await page.mouse.move(to.x, to.y, { steps: 12 });
  await page.mouse.up();
}

/** Middle of a thing that is on the screen, in pixels of the window. */
export async function middleOf(thing: Locator): Promise<{ x: number; y: number }> {
  await thing.scrollIntoViewIfNeeded();
  const box = await thing.boundingBox();
  if (!box) throw new Error(`${thing} is not on the screen`);
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}
