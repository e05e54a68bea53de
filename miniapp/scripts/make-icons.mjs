/**
 * Draws the tab bar's icons (81 × 81 PNG, the size both hosts ask for) into src/assets: one grey set and one active set
 * in each host's colour. Run by hand after changing a drawing: `node scripts/make-icons.mjs`.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createCanvas, Path2D } from '@napi-rs/canvas';

const folder = resolve(dirname(fileURLToPath(import.meta.url)), '../src/assets');
const drawings = {
  workbench: 'M4 5.500h7v6H4zM13 5.500h7v3.500h-7zM13 11h7v8.500h-7zM4 13.500h7v6H4z',
  customers:
    'M9 11.500a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7zM2.500 20c0-3.600 2.900-6 6.500-6s6.500 2.400 6.500 6M16 5a3.300 3.300 0 0 1 0 6.300M18 14.300c2.200.8 3.500 2.900 3.500 5.700',
  tasks: 'M5 4.500h14v15.500H5zM8.500 10l1.700 1.700 3.300-3.400M8.500 16h7',
  me: 'M12 11.500a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.500 20.500c0-4 3.400-6.500 7.500-6.500s7.500 2.500 7.500 6.500',
};
const colours = { '': '#8f959e', '-wecom': '#2b7de9', '-dingtalk': '#1677ff' };

mkdirSync(folder, { recursive: true });
for (const [name, path] of Object.entries(drawings)) {
  for (const [suffix, colour] of Object.entries(colours)) {
    const canvas = createCanvas(81, 81);
    const context = canvas.getContext('2d');
    context.scale(81 / 24, 81 / 24);
    context.strokeStyle = colour;
    context.lineWidth = 1.7;
    context.lineCap = 'round';
    context.lineJoin = 'round';
    context.stroke(new Path2D(path));
    writeFileSync(resolve(folder, `tab-${name}${suffix}.png`), canvas.toBuffer('image/png'));
  }
}
