import { ScrollView, View } from '@tarojs/components';

export interface Chip {
  key: string;
  label: string;
  /** Beside the label, in a paler colour. */
  note?: string | undefined;
}

interface Props {
  items: readonly Chip[];
  /** Keys shown as chosen. */
  on?: readonly string[];
  onTap(key: string): void;
  /** One line that scrolls sideways, instead of wrapping. */
  line?: boolean;
}

/** Small choices, one tap each. */
export function Chips({ items, on = [], onTap, line = false }: Props) {
  const chips = items.map((item) => (
    <View
      key={item.key}
      className={`chip ${on.includes(item.key) ? 'chip--on' : ''}`}
      hoverClass="is-pressed"
      onClick={() => onTap(item.key)}
    >
      <View className="ellipsis">{item.label}</View>
      {item.note ? <View className="chip__note num">{item.note}</View> : null}
    </View>
  ));
  if (!line) return <View className="chips">{chips}</View>;
  return (
    <ScrollView className="chips-scroll" scrollX enhanced showScrollbar={false}>
      <View className="chips chips--line">{chips}</View>
    </ScrollView>
  );
}
