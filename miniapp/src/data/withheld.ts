import { mayHoldStandIn } from '@lianke/shared/chat/stand-in';
import type { WithheldName } from '@lianke/shared/chat/withheld';
import { useMemo } from 'react';
import { api } from '../api/client.js';
import { chatHost } from '../platform/host.js';
import { useResource } from './resource.js';

const nobody: ReadonlyMap<string, WithheldName> = new Map();

/** Whose names WeCom shows itself, by the words that stand there instead. Asked for inside WeCom only. */
export function useWithheld(): ReadonlyMap<string, WithheldName> {
  const { data } = useResource(chatHost() === 'wecom' ? 'withheld' : null, () => api('names.withheld', {}));
  return useMemo(() => (data ? new Map(data.items.map((one) => [one.text, one])) : nobody), [data]);
}

/** Ids of colleagues whom the platform knows by this name; nobody where it withholds none. `names`: of all who are listed. */
export function useFoundByName(search: string, names: readonly string[]): ReadonlySet<string> {
  const word = search.trim();
  const wanted = word !== '' && names.some(mayHoldStandIn);
  const { data } = useResource(wanted ? `found.${word}` : null, () => api('names.search', { query: { name: word } }));
  return useMemo(() => new Set<string>(wanted ? data?.ids : []), [wanted, data]);
}
