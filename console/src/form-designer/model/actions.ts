import type { Filter } from '@lianke/shared/filter/ast';
import type { Design, DesignElement, DesignField, DesignItem, DesignSection, DesignSettings, Place } from './design.js';
import { placeOf } from './design.js';

export type FieldPatch = Partial<Pick<DesignField, 'name' | 'config' | 'rules' | 'hint' | 'encrypted' | 'default'>>;

export type SectionPatch = Partial<Pick<DesignSection, 'title' | 'columns'>> & {
  tab?: string | undefined;
  visibleWhen?: Filter | undefined;
};

export type DesignAction =
  | { type: 'addField'; field: DesignField; at: Place; span?: number }
  | { type: 'moveField'; uid: string; at: Place }
  | { type: 'removeField'; uid: string }
  | { type: 'updateField'; uid: string; patch: FieldPatch }
  | { type: 'addElement'; element: DesignElement; at: Place; span?: number }
  | {
      type: 'updateElement';
      uid: string;
      patch: Partial<Pick<DesignElement, 'content'>> & { visibleWhen?: Filter | undefined };
    }
  | { type: 'removeElement'; uid: string }
  | { type: 'setSpan'; uid: string; span: number }
  | { type: 'addSection'; section: DesignSection; index: number }
  | { type: 'updateSection'; uid: string; patch: SectionPatch }
  | { type: 'removeSection'; uid: string }
  | { type: 'moveSection'; uid: string; index: number }
  | { type: 'updateSettings'; patch: Partial<DesignSettings> }
  | { type: 'rename'; name: string }
  /** Everything at once: a template, a merge with someone else's version. */
  | { type: 'replace'; design: Design };

function insert(design: Design, at: Place, item: DesignItem): Design {
  const known = design.sections.some((section) => section.uid === at.section);
  const target = known ? at.section : design.sections.at(-1)?.uid;
  return {
    ...design,
    sections: design.sections.map((section) => {
      if (section.uid !== target) return section;
      const items = [...section.items];
      const index = known ? Math.max(0, Math.min(at.index, items.length)) : items.length;
      items.splice(index, 0, { ...item, span: Math.min(item.span, section.columns) });
      return { ...section, items };
    }),
  };
}

function lift(design: Design, uid: string): Design {
  return {
    ...design,
    sections: design.sections.map((section) =>
      section.items.some((item) => item.field === uid)
        ? { ...section, items: section.items.filter((item) => item.field !== uid) }
        : section,
    ),
  };
}

function move(design: Design, uid: string, at: Place): Design {
  const from = placeOf(design, uid);
  const item = design.sections.flatMap((section) => section.items).find((entry) => entry.field === uid);
  if (!from || !item) return design;
  const same = from.section === at.section;
  if (same && (at.index === from.index || at.index === from.index + 1)) return design;
  const index = same && at.index > from.index ? at.index - 1 : at.index;
  return insert(lift(design, uid), { section: at.section, index }, item);
}

function withoutReferences(settings: DesignSettings, uid: string): DesignSettings {
  const next: DesignSettings = { ...settings, summaryFields: settings.summaryFields.filter((item) => item !== uid) };
  if (next.quickFields) next.quickFields = next.quickFields.filter((item) => item !== uid);
  if (next.titleField === uid) delete next.titleField;
  if (next.task) {
    const task = { ...next.task };
    if (task.due === uid) delete task.due;
    if (task.subject === uid) delete task.subject;
    if (task.title === uid) task.title = '';
    if (task.done === uid) {
      task.done = '';
      delete task.doneOption;
    }
    if (task.owner === uid) task.owner = 'owner';
    next.task = task;
  }
  return next;
}

function removeField(design: Design, uid: string): Design {
  const field = design.fields[uid];
  if (field === undefined || uid === 'owner') return design;
  // The system keeps its fields: they only leave the page.
  if (field.system) return lift(design, uid);
  const fields = { ...design.fields };
  delete fields[uid];
  return { ...lift(design, uid), fields, settings: withoutReferences(design.settings, uid) };
}

/** Removes a section; its fields go to the one before it (after it for the first). The last section stays. */
function removeSection(design: Design, uid: string): Design {
  const index = design.sections.findIndex((section) => section.uid === uid);
  const gone = design.sections[index];
  if (!gone || design.sections.length < 2) return design;
  const heir = design.sections[index === 0 ? 1 : index - 1];
  return {
    ...design,
    sections: design.sections.flatMap((section) => {
      if (section.uid === uid) return [];
      if (section.uid !== heir?.uid) return [section];
      const moved = gone.items.map((item) => ({ ...item, span: Math.min(item.span, section.columns) }));
      return [{ ...section, items: index === 0 ? [...moved, ...section.items] : [...section.items, ...moved] }];
    }),
  };
}

function patched<T extends object>(value: T, patch: Partial<T>): T {
  const next = { ...value, ...patch };
  for (const key of Object.keys(patch) as (keyof T)[]) if (next[key] === undefined) delete next[key];
  return next;
}

/** One change of a design; an impossible one answers the same object. */
export function applyAction(design: Design, action: DesignAction): Design {
  switch (action.type) {
    case 'addField': {
      const fields = { ...design.fields, [action.field.uid]: action.field };
      return insert({ ...design, fields }, action.at, { field: action.field.uid, span: action.span ?? 1 });
    }
    case 'moveField':
      return move(design, action.uid, action.at);
    case 'removeField':
      return removeField(design, action.uid);
    case 'updateField': {
      const field = design.fields[action.uid];
      if (!field || field.system) return design;
      return { ...design, fields: { ...design.fields, [action.uid]: patched<DesignField>(field, action.patch) } };
    }
    case 'addElement': {
      const elements = { ...design.elements, [action.element.uid]: action.element };
      return insert({ ...design, elements }, action.at, { field: action.element.uid, span: action.span ?? 1 });
    }
    case 'updateElement': {
      const element = design.elements?.[action.uid];
      if (!element) return design;
      const next = patched<DesignElement>(element, action.patch as Partial<DesignElement>);
      return { ...design, elements: { ...design.elements, [action.uid]: next } };
    }
    case 'removeElement': {
      const { [action.uid]: gone, ...elements } = design.elements ?? {};
      return gone ? { ...lift(design, action.uid), elements } : design;
    }
    case 'setSpan':
      return {
        ...design,
        sections: design.sections.map((section) => ({
          ...section,
          items: section.items.map((item) =>
            item.field === action.uid ? { ...item, span: Math.max(1, Math.min(action.span, section.columns)) } : item,
          ),
        })),
      };
    case 'addSection': {
      const sections = [...design.sections];
      sections.splice(Math.max(0, Math.min(action.index, sections.length)), 0, action.section);
      return { ...design, sections };
    }
    case 'updateSection':
      return {
        ...design,
        sections: design.sections.map((section) => {
          if (section.uid !== action.uid) return section;
          const next = patched<DesignSection>(section, action.patch as Partial<DesignSection>);
          return { ...next, items: next.items.map((item) => ({ ...item, span: Math.min(item.span, next.columns) })) };
        }),
      };
    case 'removeSection':
      return removeSection(design, action.uid);
    case 'moveSection': {
      const from = design.sections.findIndex((section) => section.uid === action.uid);
      const section = design.sections[from];
      const to = Math.max(0, Math.min(action.index, design.sections.length - 1));
      if (!section || from === to) return design;
      const sections = design.sections.filter((item) => item.uid !== action.uid);
      sections.splice(to, 0, section);
      return { ...design, sections };
    }
    case 'updateSettings':
      return { ...design, settings: patched(design.settings, action.patch) };
    case 'rename':
      return { ...design, name: action.name };
    case 'replace':
      return action.design;
  }
}

/** Where an arrow key takes a field: `step` items on (negative: back), into the next or previous section at an edge. */
export function steppedPlace(design: Design, uid: string, step: number): Place | undefined {
  const from = placeOf(design, uid);
  if (!from || step === 0) return undefined;
  const at = design.sections.findIndex((section) => section.uid === from.section);
  const here = design.sections[at];
  if (!here) return undefined;
  const target = from.index + step;
  if (target >= 0 && target < here.items.length) {
    return { section: here.uid, index: step > 0 ? target + 1 : target };
  }
  const edge = step > 0 ? here.items.length - 1 : 0;
  if (from.index !== edge && Math.abs(step) > 1) {
    return { section: here.uid, index: step > 0 ? here.items.length : 0 };
  }
  const next = design.sections[at + Math.sign(step)];
  return next ? { section: next.uid, index: step > 0 ? 0 : next.items.length } : undefined;
}
