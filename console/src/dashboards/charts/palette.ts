import type { OptionColor } from '@lianke/shared/fields/select/schema';
import { chartPalette } from '../../app/theme.js';

/** Colours of a chart for one scheme. */
export interface ChartColors {
  series: readonly string[];
  option(color: OptionColor): string;
  text: string;
  faint: string;
  line: string;
  ground: string;
  raised: string;
}

/** Solid shades of the ten option tints, so that a stage has the same hue as its tag. */
const optionShades: Record<OptionColor, readonly [light: string, dark: string]> = {
  gray: ['#98a2b3', '#7c8694'],
  blue: ['#3f83e6', '#4c8ee6'],
  cyan: ['#22a6b3', '#33bcb7'],
  green: ['#3fa65a', '#5cb874'],
  lime: ['#9bb83a', '#a9c24f'],
  gold: ['#d9a514', '#e0b84a'],
  orange: ['#e58136', '#e89a5b'],
  red: ['#dd5a52', '#e8766e'],
  magenta: ['#d4549a', '#e072ab'],
  purple: ['#8a63d8', '#9a82fb'],
};

const light: ChartColors = {
  series: chartPalette.light,
  option: (color) => optionShades[color][0],
  text: '#1d2129',
  faint: '#6b7785',
  line: '#e5e8ef',
  ground: '#ffffff',
  raised: '#ffffff',
};
const dark: ChartColors = {
  series: chartPalette.dark,
  option: (color) => optionShades[color][1],
  text: '#e6e8ec',
  faint: '#8f98a3',
  line: '#2a2c33',
  ground: '#17181c',
  raised: '#1f2126',
};

export const chartColors = (isDark: boolean): ChartColors => (isDark ? dark : light);
