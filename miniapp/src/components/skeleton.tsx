import { View } from '@tarojs/components';

const widths = ['52%', '64%', '44%', '58%', '70%', '48%', '60%', '54%'];

/** Rows of a list that is on its way. */
export function SkeletonRows({ count = 6 }: { count?: number }) {
  return (
    <View>
      {widths.slice(0, count).map((width) => (
        <View className="row" key={width}>
          <View className="row__main">
            <View className="bone" style={{ width, height: '18Px' }} />
            <View className="bone" style={{ width: '78%', height: '13Px', marginTop: '9Px' }} />
          </View>
        </View>
      ))}
    </View>
  );
}

/** A page whose head and facts are on their way. */
export function SkeletonPage() {
  return (
    <View>
      <View className="card" style={{ padding: '20Px 16Px' }}>
        <View className="bone" style={{ width: '60%', height: '22Px' }} />
        <View className="bone" style={{ width: '85%', height: '14Px', marginTop: '14Px' }} />
        <View className="bone" style={{ width: '100%', height: '36Px', marginTop: '18Px' }} />
      </View>
      <View className="card">
        <SkeletonRows count={5} />
      </View>
    </View>
  );
}
