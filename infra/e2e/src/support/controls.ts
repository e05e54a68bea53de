import type { Locator, Page } from 'playwright-core';

/** The control that a label names, inside of a part of the page. */
export function labelled(part: Page | Locator, label: string): Locator {
  return part.getByLabel(label, { exact: true });
}

/** The name of a control that may carry an icon, whose own name then stands before the text. */
export function named(text: string): RegExp {
  // Buttons of two Chinese characters are set with a space between them.
  const letters = [...text].map((letter) => letter.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^(?:[a-z-]+ )?${letters.join(letters.length === 2 ? ' ?' : '')}$`);
}

/** Opens a drop-down and takes the option of that name. */
export async function choose(page: Page, box: Locator, option: string | RegExp): Promise<void> {
  await box.click();
  const list = page.locator('.ant-select-dropdown:visible');
  await list
    .locator('.ant-select-item-option')
    .filter({ has: page.getByText(option, { exact: true }) })
    .first()
    .click();
  await list.waitFor({ state: 'hidden' });
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
