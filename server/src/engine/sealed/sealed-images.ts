import type { Json } from '@lianke/shared/json';
import type { FormMeta } from '../forms/form-meta.js';

/** Stands in images (history, events) for a value that is stored encrypted. No field's value has this shape. */
export const sealedMark = '$sealed';
const mark = sealedMark;

type SealedForm = Pick<FormMeta, 'definition' | 'fields' | 'tenantId' | 'vault' | 'parts'>;

interface Known {
  /** Fields whose values are written encrypted now. */
  now: ReadonlySet<string>;
  /** Whether images may hold sealed values: fields that once were encrypted too. */
  ever: boolean;
}

const known = new WeakMap<SealedForm, Known>();

function sealedFields(form: SealedForm): Known {
  let found = known.get(form);
  if (!found) {
    const forms = [form, ...form.parts];
    const defs = forms.flatMap((item) => [...item.definition.fields, ...item.definition.removed]);
    found = {
      now: new Set(defs.filter((def) => def.encrypted).map((def) => def.id as string)),
      ever: defs.some((def) => def.encrypted !== undefined),
    };
    known.set(form, found);
  }
  return found;
}

/** An image keyed by field id, rows of subforms within it included, with the values of encrypted fields sealed. */
export function sealImage<Image>(form: SealedForm, image: Image): Image {
  const { now } = sealedFields(form);
  if (now.size === 0) return image;
  return walk(image as Json, (id, value) => (now.has(id) ? seal(form, id, value) : undefined)) as Image;
}

/** The same image with its values opened. */
export function openImage<Image>(form: SealedForm, image: Image): Image {
  if (!sealedFields(form).ever) return image;
  return walk(image as Json, (id, value) => (isSealed(value) ? open(form, id, value) : undefined)) as Image;
}

function seal(form: SealedForm, id: string, value: Json): Json {
  const cipher = form.vault?.cipher(form.tenantId, id);
  if (!cipher) throw new Error('no keys to encrypt a field with');
  // `[before, after]` or the value itself: both are taken whole.
  if (value === null || isSealed(value)) return value;
  return { [mark]: cipher.sealText(JSON.stringify(value)) };
}

function open(form: SealedForm, id: string, value: { [mark]: string }): Json {
  const cipher = form.vault?.cipher(form.tenantId, id);
  if (!cipher) throw new Error('no keys to open a field with');
  return JSON.parse(cipher.openText(value[mark])) as Json;
}

function isSealed(value: Json): value is { [mark]: string } {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && typeof value[mark] === 'string';
}

/** A copy in which `change` has replaced the values of some keys; undefined leaves a value and looks inside of it. */
function walk(value: Json, change: (key: string, value: Json) => Json | undefined): Json {
  if (Array.isArray(value)) return value.map((item) => walk(item, change));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, change(key, item) ?? walk(item, change)]));
}
