import { View } from '@tarojs/components';
import { Icon } from '../components/icon.js';
import { Named } from '../components/named.js';

interface Props {
  text: string;
  placeholder: string;
  onTap?(): void;
  onClear?(): void;
}

/** A line that opens a picker: shows the choice, and a cross to clear it. */
export function PickLine({ text, placeholder, onTap, onClear }: Props) {
  return (
    <View className="line line--pick" hoverClass="is-pressed" onClick={onTap}>
      <View className={`line__text ${text ? '' : 'placeholder'}`}>{text ? <Named text={text} /> : placeholder}</View>
      {text && onClear ? (
        <View
          className="line__clear"
          onClick={(event) => {
            event.stopPropagation();
            onClear();
          }}
        >
          <Icon name="close" small />
        </View>
      ) : (
        <Icon name="next" small className="line__arrow" />
      )}
    </View>
  );
}
