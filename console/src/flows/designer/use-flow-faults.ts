import type { FlowDetail } from '@lianke/shared/flows/api';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { findFaults } from '../model/faults.js';
import type { Speaker } from '../model/words.js';

export interface FlowFaults {
  /** By the step they are of. */
  byNode: ReadonlyMap<string, string[]>;
  count: number;
  /** Something is wrong that can be seen without the server. */
  blocked: boolean;
}

/** What is wrong with a flow; `saved`: the server has what stands on the canvas. */
export function useFlowFaults(flow: FlowDetail, speaker: Speaker, saved: boolean): FlowFaults {
  const { t } = useTranslation('flows');
  const own = useMemo(() => findFaults(speaker), [speaker]);
  return useMemo(() => {
    // The server judges what it has: its findings are true only while nothing is unsaved.
    const all = own.length > 0 || !saved ? own : flow.faults;
    const byNode = new Map<string, string[]>();
    for (const fault of all) {
      // A flow that has just begun is not wrong yet; publishing still says it.
      if (fault.message === t('fault.noSteps')) continue;
      const list = byNode.get(fault.node) ?? [];
      if (!list.includes(fault.message)) list.push(fault.message);
      byNode.set(fault.node, list);
    }
    const count = [...byNode.values()].reduce((sum, list) => sum + list.length, 0);
    return { byNode, count, blocked: own.length > 0 };
  }, [own, saved, flow.faults, t]);
}
