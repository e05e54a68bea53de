import { describe, expect, it, vi } from 'vitest';
import type { Column } from '../columns.js';
import { type KeyedGrid, pressed } from './grid-keys.js';
import type { GridItem } from './items.js';

const record = (id: string) => ({ id, version: 1, label: id, values: {} });
const items: GridItem[] = [
  { kind: 'record', record: record('a') },
  { kind: 'record', record: record('b') },
];
const columns = [{ title: true }, { title: false }, { title: false }] as unknown as Column[];

function grid(more: Partial<KeyedGrid> = {}) {
  const calls = {
    choose: vi.fn(),
    go: vi.fn(),
    edit: vi.fn(),
    onPick: vi.fn(),
    onSave: vi.fn(),
    onFill: vi.fn(),
    onClear: vi.fn(),
    onUndo: vi.fn(),
    onOpen: vi.fn(),
    onToggle: vi.fn(),
  };
  const at = { row: 0, col: 1 };
  const block = { top: 0, bottom: 0, left: 1, right: 1 };
  const of: KeyedGrid = {
    ...{ items, columns, active: at, anchor: undefined, page: 10, chosen: () => block, mayEdit: () => true },
    ...calls,
    ...more,
  };
  const press = (key: string, held: object = {}) =>
    pressed({ key, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...held }, of);
  return { ...calls, press };
}

describe('keys of the table', () => {
  it('move the chosen cell, with Shift from where it stands', () => {
    const { press, go } = grid();
    expect(press('ArrowDown')).toBe(true);
    expect(go).toHaveBeenCalledWith({ row: 1, col: 1 }, undefined);
    press('ArrowRight', { shiftKey: true });
    expect(go).toHaveBeenCalledWith({ row: 0, col: 2 }, { row: 0, col: 1 });
    press('PageDown');
    expect(go).toHaveBeenCalledWith({ row: 10, col: 1 }, undefined);
  });

  it('go to the ends with Ctrl, with Shift along with the block', () => {
    const { press, go } = grid();
    press('ArrowDown', { ctrlKey: true });
    expect(go).toHaveBeenLastCalledWith({ row: 1, col: 1 }, undefined);
    press('ArrowRight', { ctrlKey: true, shiftKey: true });
    expect(go).toHaveBeenLastCalledWith({ row: 0, col: 2 }, { row: 0, col: 1 });
    press('End', { metaKey: true });
    expect(go).toHaveBeenLastCalledWith({ row: 1, col: 2 }, undefined);
    press('Home', { ctrlKey: true });
    expect(go).toHaveBeenLastCalledWith({ row: 0, col: 0 }, undefined);
    expect(press('ArrowLeft', { ctrlKey: true, altKey: true })).toBe(false);
  });

  it('edit what may be typed into, open the title, and pick rows', () => {
    const { press, edit, onPick } = grid();
    press('Enter');
    expect(edit).toHaveBeenCalledWith(0, 1);
    press('甲');
    expect(edit).toHaveBeenCalledWith(0, 1, '甲');
    press(' ', { shiftKey: true });
    expect(onPick).toHaveBeenCalledWith(0, true);
    const title = grid({ active: { row: 0, col: 0 } });
    title.press('Enter');
    expect(title.onOpen).toHaveBeenCalledWith(record('a'));
  });

  it('empty one cell, or the block that is drawn; nothing that may not be changed', () => {
    const one = grid();
    one.press('Delete');
    expect(one.onSave).toHaveBeenCalledWith(record('a'), columns[1], null);
    const block = { top: 0, bottom: 1, left: 1, right: 2 };
    const many = grid({ anchor: { row: 1, col: 2 }, chosen: () => block });
    many.press('Backspace');
    expect(many.onClear).toHaveBeenCalledWith(items, block);
    const locked = grid({ mayEdit: () => false });
    locked.press('Delete');
    expect(locked.onSave).not.toHaveBeenCalled();
  });

  it('leave the table at either end with Tab, and are the browser’s where they mean nothing here', () => {
    expect(grid({ active: { row: 0, col: 2 } }).press('Tab')).toBe(false);
    expect(grid({ active: { row: 0, col: 0 } }).press('Tab', { shiftKey: true })).toBe(false);
    expect(grid().press('Tab')).toBe(true);
    for (const [key, held] of [
      ['F5', {}],
      ['c', { ctrlKey: true }],
      ['ArrowDown', { altKey: true }],
    ] as const)
      expect(grid().press(key, held)).toBe(false);
    expect(grid({ active: undefined }).press('x')).toBe(false);
  });

  it('with Ctrl undo, fill down and choose everything', () => {
    const { press, onUndo, onFill, choose } = grid();
    press('z', { metaKey: true });
    press('D', { ctrlKey: true });
    press('a', { ctrlKey: true });
    expect(onUndo).toHaveBeenCalledOnce();
    expect(onFill).toHaveBeenCalledWith(items, { top: 0, bottom: 0, left: 1, right: 1 });
    expect(choose).toHaveBeenCalledWith({ row: 1, col: 2 }, { row: 0, col: 0 });
  });

  it('open and close a group, and move on otherwise', () => {
    const group = { kind: 'group', key: 'g', open: true } as unknown as GridItem;
    const { press, onToggle, go } = grid({ items: [group] });
    press('ArrowLeft');
    expect(onToggle).toHaveBeenCalledWith('g');
    press('ArrowRight');
    expect(onToggle).toHaveBeenCalledOnce();
    expect(go).toHaveBeenCalled();
  });
});
