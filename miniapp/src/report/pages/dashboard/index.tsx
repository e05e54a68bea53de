import { View } from '@tarojs/components';
export default function Dashboard() {
  return <View />;
}
