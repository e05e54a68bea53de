import type { DerivedResult } from '@lianke/shared/fields/derived';
import { DerivedResolver } from '@lianke/shared/formulas/derived-resolver';
import { useMemo } from 'react';
import { useDesigner } from '../designer/use-designer.js';
import type { DesignField } from '../model/design.js';
import { withResult } from '../model/with-result.js';
import { useWorld } from './derived-properties.js';

/** Computed fields of the design with what they give as they are drafted; others as they are. */
export function useDraftResults(): (field: DesignField) => DesignField {
  const world = useWorld();
  const { form } = useDesigner();
  return useMemo(() => {
    const results: ReadonlyMap<string, DerivedResult> = new DerivedResolver(world.forms).results(form.id);
    return (field) => withResult(field, results.get(field.id ?? field.uid));
  }, [world, form.id]);
}
