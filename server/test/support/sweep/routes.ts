import { openApiDocument } from '../../../src/kernel/http/openapi.js';
import type { Ids, Kind } from './company.js';

/** Routes that serve whoever is not logged in yet: they take no session, so no tenant of the caller to keep apart. */
export const logIn = [
  'auth.password',
  'auth.connections',
  'auth.qr.create',
  'auth.qr.get',
  'auth.code',
  'auth.invite.get',
  'auth.invite.accept',
  // The address itself is the secret, and names its tenant.
  'hooks.receive',
  'public.open',
  'public.captcha',
  'public.pick',
  'public.upload',
  'public.submit',
  'shared.open',
  'shared.file',
];
/** Neither ids in the path, nor a body, nor a query. */
export const withoutInput = [
  'auth.signOut',
  'auth.signOutAll',
  'me.get',
  'me.start',
  'me.chat',
  'names.withheld',
  'me.notify',
  'notify.company',
  'departments.list',
  'roles.list',
  'apps.list',
  'templates.list',
  'connections.list',
  'events.stream',
  'demo.progress',
  'demo.drilled',
  'demo.reset',
  'files.upload',
  'packages.read',
  'favourites.list',
  'recents.list',
  'tasks.flows',
  'runs.retention',
  'maps.tiles',
  'aways.list',
  'phrases.get',
  'flowSecrets.list',
  'apiKeys.list',
  'mailAccount.get',
  'mailAccount.delete',
  'handovers.list',
  'handovers.leavers',
  'pools.list',
  'targets.mine',
  'targets.list',
];

export interface Operation {
  name: string;
  method: string;
  path: string;
  pathIds: string[];
  hasBody: boolean;
  query: string[];
  /** Refused without a body or with an empty query, before anything is looked up. */
  needsInput: boolean;
}

export function operations(): Operation[] {
  const paths = openApiDocument().paths as Record<
    string,
    Record<
      string,
      { operationId: string; parameters: { name: string; in: string; required: boolean }[]; requestBody?: unknown }
    >
  >;
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { operationId, parameters, requestBody }]) => ({
      name: operationId,
      method: method.toUpperCase(),
      path,
      pathIds: parameters.filter((each) => each.in === 'path').map((each) => each.name),
      hasBody: requestBody !== undefined,
      query: parameters.filter((each) => each.in === 'query').map((each) => each.name),
      needsInput: requestBody !== undefined || parameters.some((each) => each.in === 'query' && each.required),
    })),
  );
}

export const swept = operations().filter((each) => !logIn.includes(each.name) && !withoutInput.includes(each.name));
/** Path parameters that are no ids, with a value that means something for everybody. */
export const plain: Record<string, string> = { key: 'crm', version: '1', name: 'WW_verify_abcdefgh.txt' };

/** Which kind of thing `:id` names, by the route's first word; the other parameters say it themselves. */
export function kindOf(operation: Operation, parameter: string): Kind {
  if (parameter !== 'id') return parameter.replace(/Id$/, '') as Kind;
  // A to-do’s id is its record’s.
  const ofRecord = [
    'runs.ofRecord',
    'records.approvals',
    'tasks.complete',
    'tasks.reopen',
    'comments.list',
    'comments.create',
    'shares.list',
    'shares.create',
    'shareRequests.list',
    'prints.record',
    'recordLinks.list',
    'recordLinks.create',
  ];
  if (operation.name === 'prints.approval') return 'task';
  if (operation.name === 'pools.record') return 'pooled';
  const word = ofRecord.includes(operation.name)
    ? 'record'
    : (operation.name.split('.')[0] ?? '').replace(/ies$/, 'y').replace(/s$/, '');
  return word as Kind;
}

export const url = (operation: Operation, ids: Ids) =>
  operation.path.replace(/\{(\w+)\}/g, (_, name: string) => plain[name] ?? ids[kindOf(operation, name)]);
