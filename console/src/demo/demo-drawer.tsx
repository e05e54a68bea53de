/** The drawer 演示手机 on the right edge of every page; renders nothing outside the demonstration. */
export function DemoDrawer() {
  return null;
}
