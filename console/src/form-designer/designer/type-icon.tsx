import {
  AlignLeftOutlined,
  ApartmentOutlined,
  CalendarOutlined,
  CheckSquareOutlined,
  ClockCircleOutlined,
  DownSquareOutlined,
  EnvironmentOutlined,
  FieldNumberOutlined,
  FontSizeOutlined,
  HistoryOutlined,
  HomeOutlined,
  LinkOutlined,
  MailOutlined,
  NumberOutlined,
  PaperClipOutlined,
  PayCircleOutlined,
  PhoneOutlined,
  ShareAltOutlined,
  SwapOutlined,
  TagsOutlined,
  UserOutlined,
} from '@ant-design/icons';
import type { FieldTypeName } from '@lianke/shared/fields/registry';

const icons: Record<FieldTypeName, typeof UserOutlined> = {
  text: FontSizeOutlined,
  longText: AlignLeftOutlined,
  number: NumberOutlined,
  money: PayCircleOutlined,
  date: CalendarOutlined,
  datetime: ClockCircleOutlined,
  select: DownSquareOutlined,
  multiSelect: CheckSquareOutlined,
  tags: TagsOutlined,
  switch: SwapOutlined,
  phone: PhoneOutlined,
  email: MailOutlined,
  url: LinkOutlined,
  member: UserOutlined,
  department: ApartmentOutlined,
  relation: ShareAltOutlined,
  attachment: PaperClipOutlined,
  autonumber: FieldNumberOutlined,
  location: EnvironmentOutlined,
  address: HomeOutlined,
  lastContact: HistoryOutlined,
};

/** The sign of a field type, the same in palette, canvas and lists. */
export function TypeIcon({ type }: { type: FieldTypeName }) {
  const Icon = icons[type];
  return <Icon aria-hidden />;
}
