import type { ThroughParts } from '@lianke/shared/apps/package';
import type { ThroughItem } from '@lianke/shared/apps/package-api';
import { isObject } from './package-names.js';
import type { Piece } from './restore.js';

export type ThroughLabel = Pick<ThroughItem, 'kind' | 'name' | 'of'>;

/** What a piece is called, and where it stands; undefined for what only follows from others, such as a place in the layout. */
export function labelOf({ props, within, value }: Piece, through: ThroughParts): ThroughLabel | undefined {
  const [part, ...path] = props;
  const [, outer = {}, ...inner] = within;
  const here = nameOf(outer);
  const label = (kind: ThroughLabel['kind'], name: string, of: string | null = null): ThroughLabel => ({
    kind,
    name: name.slice(0, 120),
    of: of?.slice(0, 120) ?? null,
  });
  switch (part) {
    case 'forms':
      return inForm(path, here, inner, value, label);
    case 'roles': {
      if (path.length === 0) return label('role', nameOf(value));
      const key = path[1] ?? (isObject(value) ? Object.keys(value)[0] : undefined);
      return label('role', here, through.forms.find((form) => form.key === key)?.name ?? null);
    }
    case 'flows':
      return label('flow', path.length === 0 ? nameOf(value) : here);
    case 'dashboards': {
      if (path[1] !== 'widgets') return undefined;
      const widget = path.length === 2 ? value : inner[1];
      return label('widget', nameOf(widget) || (isObject(widget) ? String(widget.type) : ''), here);
    }
    case 'targets':
      return label('target', nameOf(isObject(value) && path.length === 0 ? value.definition : outer.definition));
    default:
      return undefined;
  }
}

function inForm(
  [part, ...path]: readonly string[],
  form: string,
  inner: readonly Record<string, unknown>[],
  value: unknown,
  label: (kind: ThroughLabel['kind'], name: string, of?: string | null) => ThroughLabel,
): ThroughLabel | undefined {
  switch (part) {
    case 'fields': {
      const [field] = inner;
      if (path.length === 0) return label('field', nameOf(value), form);
      // The rows of a subform: its settings hold their fields.
      const rows = path[0] === 'config' && path[1] === 'fields';
      if (rows && path.length === 2) return label('field', nameOf(value), `${form} · ${nameOf(field)}`);
      return rows ? label('rule', nameOf(inner[2]), `${form} · ${nameOf(field)}`) : label('rule', nameOf(field), form);
    }
    case 'layout':
      return path.includes('items') ? undefined : label('rule', nameOf(inner[1]) || form, form);
    case 'settings':
      return path[0] === 'checks' && path.length === 1 && isObject(value)
        ? label('rule', String(value.message), form)
        : label('settings', form);
    case 'duplicates':
    case 'pool':
      return label('settings', form);
    case 'views':
      return path.length === 0 ? label('view', nameOf(value), form) : label('column', nameOf(inner[0]), form);
    default:
      return undefined;
  }
}

/** What something is called. */
function nameOf(value: unknown): string {
  if (!isObject(value)) return '';
  return [value.name, value.title].find((text): text is string => typeof text === 'string' && text !== '') ?? '';
}
