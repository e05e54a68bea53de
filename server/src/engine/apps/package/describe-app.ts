import type { AppPackage, OpenItem } from '@lianke/shared/apps/package';
import { packageFormat } from '@lianke/shared/apps/package';
import type { Widget } from '@lianke/shared/dashboards/definition';
import type { FlowDefinition } from '@lianke/shared/flows/definition';
import { fieldKeyPattern } from '@lianke/shared/ids';
import type { FormGrant } from '@lianke/shared/org/api';
import { keyFromName } from '../../forms/field-keys.js';
import type { FormMeta } from '../../forms/form-meta.js';
import type { AppGround, RoleRow } from './app-ground.js';
import { designOf, packagedField, packagedPool, packagedView, pathsById } from './describe-form.js';
import { describeOutside, type OutsideRelation } from './outside-forms.js';
import { outsideNames, withoutTypedSecrets } from './outside-names.js';
import { namePlaces, placeForms, placesIn, SeparatePlaces } from './outside-places.js';
import { isObject, mentions, type PackageNames, type People } from './package-names.js';
import { Stays } from './stays.js';
import { withThrough } from './through-parts.js';

export interface PackageLabel {
  origin?: string | undefined;
  key: string;
  version: string;
  description: string;
}

export interface Described {
  pack: AppPackage;
  names: PackageNames;
}

/**
 * An app as a package: everything of it with names instead of ids, people and what leads out of it left behind.
 * @param flows `published`: what runs; `draft`: what designers have before them
 * @param before the parts as they were told last: relations to one form keep the places that they had
 */
export function describeApp(
  ground: AppGround,
  names: PackageNames,
  label: PackageLabel,
  flows: 'published' | 'draft',
  before: Readonly<Record<string, unknown>> = {},
): Described {
  const kept = new Set(Object.keys(names.kept()));
  const separate = new SeparatePlaces(names, placesIn(before));
  const bare = new Description(ground, names, label, flows, new Stays(ground), separate).pack();
  const places = placeForms(ground);
  if (places.length === 0) return { pack: bare, names };
  namePlaces(names, places);
  const whole = new Description(ground, names, label, flows, new Stays(ground, places), separate).pack();
  return { pack: withThrough(bare, whole, { names, places, ground, kept }), names };
}

class Description {
  private readonly people: People;
  private readonly personIds: ReadonlySet<string>;
  private readonly taken = new Map<string, Set<string>>();
  private readonly goingTargets = new Set<string>();

  constructor(
    private readonly ground: AppGround,
    private readonly names: PackageNames,
    private readonly label: PackageLabel,
    private readonly flows: 'published' | 'draft',
    private readonly stays: Stays,
    private readonly separate: SeparatePlaces,
  ) {
    const ids = (map: ReadonlyMap<string, unknown>) => new Set<string>(map.keys());
    const [members, departments] = [ids(ground.org.members), ids(ground.org.departments)];
    this.people = { members, departments };
    this.personIds = new Set([...members, ...departments]);
  }

  pack(): AppPackage {
    const { app } = this.ground;
    for (const form of this.ground.forms) this.nameForm(form);
    const flows = this.flowsThatGo();
    const roles = this.rolesNamedIn(flows.map(({ definition }) => definition));
    for (const role of roles) this.name('role', role.id, role.key ?? '', role.name);
    for (const flow of flows) this.name('flow', flow.id, '', flow.name);
    const forms = this.ground.forms.map((form) => this.form(form));
    const targets = this.targets();
    const dashboards = this.dashboards();
    const packed = {
      format: packageFormat,
      ...(this.label.origin ? { origin: this.label.origin } : {}),
      key: this.label.key,
      name: app.name,
      version: this.label.version,
      description: this.label.description,
      ...(app.icon ? { icon: app.icon } : {}),
      forms,
      roles: roles.map((role) => this.role(role)),
      flows: flows.map(({ id, name, enabled, definition }) => ({
        key: this.keyOf(id),
        name,
        enabled,
        definition: this.encode(this.flows === 'draft' ? definition : withoutTypedSecrets(definition, name), {
          kind: 'flow',
          name,
        }),
      })),
      dashboards,
      targets,
      ...(app.nav ? { nav: this.nav() } : {}),
      sample: [],
    } satisfies Omit<AppPackage, 'open' | 'left' | 'outside'>;
    for (const { name } of this.ground.publicForms) this.stays.note('publicForm', name);
    const { outside, open } = this.outside();
    return {
      ...this.separate.paths(packed),
      outside,
      open: [...this.names.open.values(), ...outsideNames(packed.flows), ...open],
      left: this.stays.left,
    };
  }

  private encode<Value>(value: Value, use: OpenItem['uses'][number]): Value {
    return this.names.encode(value, this.people, { kind: use.kind, name: use.name.slice(0, 60) });
  }

  /** A name for what has none yet: its own key where it has one, else one made from what it is called. */
  private name(kind: string, id: string, key: string, called: string, within = ''): void {
    const group = `${kind}:${within}`;
    if (this.names.token(id)) return;
    const taken = this.taken.get(group) ?? new Set<string>();
    for (const token of Object.keys(this.names.kept()))
      if (token.startsWith(group)) taken.add(token.slice(group.length));
    this.taken.set(group, taken);
    const own = fieldKeyPattern.test(key) && !taken.has(key) ? key : keyFromName(called, taken);
    taken.add(own);
    this.names.set(`${group}${own}`, id);
  }

  private keyOf(id: string): string {
    return this.names.token(id)?.split(/[:/]/).at(-1) ?? '';
  }

  private nameForm(form: FormMeta): void {
    this.name('form', form.id, form.key, form.name);
    nameFields(this.names, form);
  }

  private form(form: FormMeta): AppPackage['forms'][number] {
    const use = { kind: 'form' as const, name: form.name };
    const key = this.keyOf(form.id);
    const design = this.encode(designOf(form, this.stays, this.personIds), use);
    const pool = this.ground.pools.get(form.id);
    const views = this.ground.views.filter((view) => view.form_id === form.id);
    const prints = this.ground.prints.filter((print) => print.form_id === form.id);
    return {
      key,
      name: form.name,
      ...design,
      fields: design.fields.map((field) => this.separate.field(`field:${key}/${fieldKey(field)}`, field)),
      duplicates: [...design.duplicates],
      views: views.flatMap(({ id, definition }) => {
        const view = packagedView(definition, form, this.ground.all, this.stays);
        if (!view) {
          this.stays.note('view', definition.name, form.name);
          return [];
        }
        this.name('view', id, '', view.name, `${key}/`);
        const { name, ...rest } = this.encode(pathsById(view, form, this.ground.all, this.stays), {
          kind: 'view',
          name: `${form.name} · ${view.name}`,
        });
        return [{ key: this.keyOf(id), name, ...rest }];
      }),
      ...(pool?.on ? { pool: this.encode(packagedPool(pool, form, this.stays), use) } : {}),
      prints: prints.map(({ id, name, file_name, is_default, content }) => {
        this.name('print', id, '', name, `${key}/`);
        return {
          key: this.keyOf(id),
          name,
          fileName: file_name,
          isDefault: is_default,
          content: content.toString('base64'),
        };
      }),
    };
  }

  /** Flows that name nothing outside, nor a flow that does; those never published stay behind where only what runs goes. */
  private flowsThatGo(): { id: string; name: string; enabled: boolean; definition: FlowDefinition }[] {
    let going = this.ground.flows.flatMap((flow) => {
      const definition = this.flows === 'draft' ? flow.draft : (flow.published ?? flow.draft);
      if (this.flows === 'published' && flow.published && JSON.stringify(flow.draft) !== JSON.stringify(flow.published))
        this.stays.note('draft', flow.name);
      return [{ id: flow.id, name: flow.name, enabled: flow.enabled, definition }];
    });
    for (let before = -1; before !== going.length; ) {
      before = going.length;
      going = going.filter(({ id, name, definition }) => {
        if (!this.stays.worksAway(definition)) return true;
        this.stays.add(id);
        this.stays.note('flow', name);
        return false;
      });
    }
    return going;
  }

  /** Roles with rights of their own on the app's forms, and those that its flows ask. */
  private rolesNamedIn(definitions: readonly unknown[]): RoleRow[] {
    const forms = new Set<string>(this.ground.forms.map((form) => form.id));
    return this.ground.roles.filter((role) => {
      if (role.system) {
        this.names.set(`role:${role.key ?? 'admin'}`, role.id);
        return false;
      }
      const granted = Object.keys(role.permissions.forms ?? {}).some((id) => forms.has(id));
      return granted || mentions(definitions, new Set([role.id]));
    });
  }

  private role(role: RoleRow): AppPackage['roles'][number] {
    const grants = Object.entries(role.permissions.forms ?? {}).flatMap(([formId, grant]) => {
      const form = this.ground.forms.find((item) => item.id === formId);
      if (!form) return [];
      const packed = this.grant(grant, role, form);
      const told = packed && pathsById(packed, form, this.ground.all, this.stays);
      return told ? [[this.keyOf(formId), this.encode(told, { kind: 'role', name: role.name })] as const] : [];
    });
    return { key: this.keyOf(role.id), name: role.name, design: false, forms: Object.fromEntries(grants) };
  }

  /** A right whose condition stays behind would give more or less than it says: all of it stays then. */
  private grant(grant: FormGrant, role: RoleRow, form: FormMeta): FormGrant | undefined {
    if (this.stays.touches([grant.filter, grant.deny?.filter])) {
      this.stays.note('role', role.name, form.name);
      return undefined;
    }
    const rights = <Right>(fields: Record<string, Right>) =>
      Object.fromEntries(Object.entries(fields).filter(([ref]) => form.field(ref) && !this.stays.has(ref)));
    return {
      ...grant,
      fields: rights(grant.fields ?? {}),
      ...(grant.inherit && { inherit: grant.inherit.filter((ref) => !this.stays.touches({ field: ref })) }),
      ...(grant.deny && { deny: { ...grant.deny, fields: rights(grant.deny.fields ?? {}) } }),
    };
  }

  private dashboards(): AppPackage['dashboards'] {
    return this.ground.dashboards.map(({ id, name, definition }) => {
      this.name('dashboard', id, '', name);
      const widgets = definition.widgets.filter((widget) => {
        if (!this.stays.worksAway(widget)) return true;
        this.stays.note('widget', widget.title || widget.type, name);
        return false;
      });
      const filters = definition.filters?.map((filter) => ({
        ...filter,
        fields: Object.fromEntries(
          Object.entries(filter.fields).filter(([form, field]) => !this.stays.worksAway([form, { field }])),
        ),
      }));
      const kept = {
        ...definition,
        widgets: widgets.map((widget) =>
          pathsById(
            this.widgetWithTarget(widget, name),
            this.ground.all.get(widget.formId),
            this.ground.all,
            this.stays,
          ),
        ),
        ...(filters && { filters }),
      };
      return { key: this.keyOf(id), name, definition: this.encode(kept, { kind: 'dashboard', name }) };
    });
  }

  /** A figure goes without its target where that one does not go along. */
  private widgetWithTarget(widget: Widget, of: string): Widget {
    if (widget.type !== 'metric' || !widget.target || this.goingTargets.has(widget.target.id)) return widget;
    const { target: _, ...rest } = widget;
    this.stays.note('target', widget.title, of);
    return rest;
  }

  private targets(): AppPackage['targets'] {
    return this.ground.targets.flatMap(({ id, definition }) => {
      if (this.stays.worksAway(definition)) {
        this.stays.note('target', definition.name);
        return [];
      }
      this.goingTargets.add(id);
      this.name('target', id, '', definition.name);
      this.stays.note('values', definition.name);
      return [{ key: this.keyOf(id), definition: this.encode(definition, { kind: 'target', name: definition.name }) }];
    });
  }

  private outside(): ReturnType<typeof describeOutside> {
    const tokenOf = ({ form, rows, field }: OutsideRelation) =>
      `field:${[this.keyOf(form.id), ...(rows ? [rows.key] : []), field.key].join('/')}`;
    const encode = (relation: OutsideRelation) => {
      const { form, rows, field } = relation;
      const of = rows ? `${form.name} · ${rows.name}` : form.name;
      const packed = this.encode(packagedField(field, of, this.stays, this.personIds), {
        kind: 'form',
        name: form.name,
      });
      return this.separate.field(
        tokenOf(relation),
        packed,
      ) as AppPackage['outside'][number]['relations'][number]['field'];
    };
    const apps = new Map(this.ground.otherApps.map(({ id, name }) => [id, name]));
    return describeOutside(this.stays.placedOutside(), this.names, {
      keyOf: (id) => this.keyOf(id),
      encode,
      appName: (form) => apps.get(form.appId) ?? '',
      placeOf: (relation) => this.separate.of(tokenOf(relation), relation.target.id),
    });
  }

  private nav(): NonNullable<AppPackage['nav']> {
    return (this.ground.app.nav ?? []).flatMap(({ id, group }) => {
      const item = this.names.token(id);
      return item ? [{ item, group }] : [];
    });
  }
}

const fieldKey = (field: unknown): string => (isObject(field) ? String(field.key) : '');

/** Names of a form's fields and of its subforms' rows, once the form has its own. */
export function nameFields(names: PackageNames, form: FormMeta): void {
  const key = names.token(form.id)?.slice('form:'.length) ?? form.key;
  for (const field of form.definition.fields) names.set(`field:${key}/${field.key}`, field.id);
  for (const part of form.parts) {
    const place = `${key}/${part.owner?.field.key ?? part.key}`;
    names.set(`form:${place}`, part.id);
    for (const field of part.definition.fields) names.set(`field:${place}/${field.key}`, field.id);
  }
}
