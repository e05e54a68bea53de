import type { OptionColor } from '@lianke/shared/fields/select/schema';
import type { IconName } from '../../components/icon.js';

interface TileLook {
  icon: IconName;
  tint: OptionColor;
}

/** Icons that forms of templates name; eleven grey-blue tables were told apart by reading only. */
const looks: Record<string, TileLook> = {
  book: { icon: 'book', tint: 'purple' },
  bulb: { icon: 'bulb', tint: 'gold' },
  check: { icon: 'check', tint: 'green' },
  clock: { icon: 'clock', tint: 'orange' },
  contacts: { icon: 'contacts', tint: 'cyan' },
  edit: { icon: 'pen', tint: 'purple' },
  environment: { icon: 'place', tint: 'green' },
  file: { icon: 'file', tint: 'orange' },
  flag: { icon: 'flag', tint: 'red' },
  inbox: { icon: 'inbox', tint: 'cyan' },
  message: { icon: 'chat', tint: 'cyan' },
  phone: { icon: 'phone', tint: 'green' },
  project: { icon: 'project', tint: 'blue' },
  rise: { icon: 'rise', tint: 'red' },
  shopping: { icon: 'shopping', tint: 'magenta' },
  team: { icon: 'team', tint: 'blue' },
  tool: { icon: 'tool', tint: 'lime' },
  warning: { icon: 'warning', tint: 'gold' },
};

/** How a form or dashboard looks among the others of its app. */
export function tileLook(item: { kind: string; icon: string | null }): TileLook {
  if (item.kind === 'dashboard') return { icon: 'chart', tint: 'green' };
  return looks[item.icon ?? ''] ?? { icon: 'table', tint: 'blue' };
}
