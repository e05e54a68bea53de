import { type Design, type DesignField, placeOf } from './design.js';
import { aspectsOf, sameJson } from './diff.js';

export interface MergeResult {
  design: Design;
  /** Fields that both sides changed in the same respect; the draft's version stands in `design`. */
  conflicts: { mine: DesignField; theirs: DesignField }[];
}

/**
 * Brings a draft made on `base` onto `theirs`, the form as someone else published it meanwhile. Each field is taken from
 * the side that changed it; where both did, from the draft, and the field is named in `conflicts`. A field removed on one
 * side goes unless the other side changed it. The draft's order stands; fields new in `theirs` keep their section.
 */
export function mergeDesigns(base: Design, mine: Design, theirs: Design): MergeResult {
  const fields: Record<string, DesignField> = {};
  const conflicts: MergeResult['conflicts'] = [];
  for (const uid of new Set([...Object.keys(mine.fields), ...Object.keys(theirs.fields)])) {
    const merged = mergeField(base.fields[uid], mine.fields[uid], theirs.fields[uid], conflicts);
    if (merged) fields[uid] = merged;
  }
  const laid = ({ sections, elements = {} }: Design) => ({ sections, elements });
  const sameSections = sameJson(laid(base), laid(mine));
  const frame = sameSections ? theirs : mine;
  const sections = frame.sections.map((section) => ({
    ...section,
    items: section.items.filter((item) => fields[item.field] ?? frame.elements?.[item.field]),
  }));
  const placed = new Set(sections.flatMap((section) => section.items.map((item) => item.field)));
  const other = sameSections ? mine : theirs;
  for (const uid of Object.keys(fields)) {
    if (placed.has(uid) || fields[uid]?.system) continue;
    const place = placeOf(other, uid);
    const index = other.sections.findIndex((section) => section.uid === place?.section);
    const span = other.sections[index]?.items[place?.index ?? 0]?.span ?? 1;
    const target = sections[index] ?? sections.at(-1);
    target?.items.push({ field: uid, span: Math.min(span, target.columns) });
  }
  const pick = <T>(before: T, ours: T, others: T): T => (sameJson(before, ours) ? others : ours);
  return {
    design: {
      name: pick(base.name, mine.name, theirs.name),
      fields,
      ...(frame.elements ? { elements: frame.elements } : {}),
      sections,
      settings: pick(base.settings, mine.settings, theirs.settings),
    },
    conflicts,
  };
}

function mergeField(
  base: DesignField | undefined,
  mine: DesignField | undefined,
  theirs: DesignField | undefined,
  conflicts: MergeResult['conflicts'],
): DesignField | undefined {
  if (!base) return mine ?? theirs;
  if (!mine) return theirs && aspectsOf(base, theirs).length > 0 ? theirs : undefined;
  if (!theirs) return aspectsOf(base, mine).length > 0 ? mine : undefined;
  // Converted meanwhile: what was set for the old type means nothing to the new one.
  if (theirs.type !== mine.type) return theirs;
  const ours = aspectsOf(base, mine);
  const others = aspectsOf(base, theirs);
  if (ours.length === 0) return theirs;
  if (others.length === 0) return mine;
  if (ours.some((aspect) => others.includes(aspect)) && aspectsOf(mine, theirs).length > 0) {
    conflicts.push({ mine, theirs });
  }
  const result: DesignField = { ...mine };
  for (const aspect of others) {
    if (ours.includes(aspect)) continue;
    if (aspect === 'name') result.name = theirs.name;
    else if (aspect === 'rules') result.rules = theirs.rules;
    else if (aspect === 'config')
      result.config = keep(keep(theirs.config, 'options', mine.config.options), 'fields', mine.config.fields);
    else if (aspect === 'rows') result.config = keep(result.config, 'fields', theirs.config.fields);
    else if (aspect === 'options') result.config = keep(result.config, 'options', theirs.config.options);
    else if (aspect === 'hint') assign(result, 'hint', theirs.hint);
    else assign(result, 'default', theirs.default);
  }
  return result;
}

function keep(
  config: DesignField['config'],
  name: 'options' | 'fields',
  value: DesignField['config'][string] | undefined,
) {
  return value === undefined ? config : { ...config, [name]: value };
}

function assign<K extends 'hint' | 'default'>(field: DesignField, name: K, value: DesignField[K]): void {
  if (value === undefined) delete field[name];
  else field[name] = value;
}
