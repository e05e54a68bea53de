import type { RunSummary } from '@lianke/shared/flows/api';
import { useTranslation } from 'react-i18next';

const tints: Record<RunSummary['state'], string> = {
  waiting: 'gold',
  running: 'blue',
  done: 'green',
  failed: 'red',
  cancelled: 'gray',
};

/** A run's state as a soft tint. */
export function RunState({ state }: { state: RunSummary['state'] }) {
  const { t } = useTranslation('flows');
  return <span className={`tint tint-${tints[state]}`}>{t(`run.state.${state}`)}</span>;
}
