import { Input } from 'antd';

/** A time of day by keyboard: `09:00`. */
export function Clock({ label, value, onChange }: { label: string; value: string; onChange: (at: string) => void }) {
  return (
    <Input
      type="time"
      aria-label={label}
      style={{ width: 130 }}
      value={value}
      onChange={(event) => event.target.value && onChange(event.target.value.slice(0, 5))}
    />
  );
}
