import { View } from '@tarojs/components';
import Taro from '@tarojs/taro';
import { Icon, type IconName } from '../../components/icon.js';
import { useT } from '../../i18n/index.js';

/** What can be done with a record from its head. */
export interface HeadAction {
  key: string;
  icon: IconName;
  label: string;
  run(): void;
}

/** So many stand side by side on 375 px with their names on one line. */
const mostInRow = 5;

/** The actions that matter first side by side; where there are more than fit, the last place opens the others. */
export function HeadActions({ actions }: { actions: readonly HeadAction[] }) {
  const t = useT();
  if (actions.length === 0) return null;
  const fitting = actions.length > mostInRow ? actions.slice(0, mostInRow - 1) : actions;
  const others = actions.slice(fitting.length);
  const choose = async () => {
    try {
      const { tapIndex } = await Taro.showActionSheet({ itemList: others.map(({ label }) => label) });
      others[tapIndex]?.run();
    } catch {
      // Closing the sheet is told as a failure.
    }
  };
  const shown: HeadAction[] =
    others.length > 0
      ? [...fitting, { key: 'more', icon: 'more', label: t('task.more'), run: () => void choose() }]
      : [...fitting];
  return (
    <View className="record-head__acts">
      {shown.map((action) => (
        <View key={action.key} className="record-head__act" hoverClass="is-pressed" onClick={action.run}>
          <Icon name={action.icon} />
          <View className="record-head__label">{action.label}</View>
        </View>
      ))}
    </View>
  );
}
