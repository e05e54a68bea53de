import type { FormId } from '@lianke/shared/ids';
import { api } from '../../api/client.js';
import type { FormView, Ref } from '../../data/record-types.js';
import { useResource } from '../../data/resource.js';
import type { PlaceState } from './place.js';

/** A customer as far away as a walk or a short drive, in metres. */
export const withinMetres = 3000;
const chipsAtMost = 3;

export interface NearCustomer extends Ref {
  distance: number;
}

/** The three customers nearest to the phone; none while it does not know where it is, nor when it cannot ask. */
export function useNearest(customers: FormView, place: PlaceState, wanted: boolean): NearCustomer[] {
  const here = wanted ? place.found : undefined;
  const found = useResource(here ? `data:${customers.id}:nearest:${here.lat}:${here.lng}` : null, async () => {
    if (!here) return [];
    const body = { lat: here.lat, lng: here.lng, within: withinMetres, limit: chipsAtMost };
    return (await api('records.nearby', { params: { formId: customers.id as FormId }, body })).items;
  });
  return (found.data ?? []).map(({ record, distance }) => ({ id: record.id, label: record.label, distance }));
}
