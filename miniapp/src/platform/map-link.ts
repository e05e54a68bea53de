/**
 * Opens AMap's public web address (https://lbs.amap.com/api/uri-api): it hands over to the installed map app on phones.
 * A point is GCJ-02, AMap's own datum.
 */
export function openMapOnH5(target: string | { lat: number; lng: number; name: string }): void {
  const address =
    typeof target === 'string'
      ? `https://uri.amap.com/search?keyword=${encodeURIComponent(target)}`
      : `https://uri.amap.com/marker?position=${target.lng},${target.lat}&name=${encodeURIComponent(target.name)}`;
  window.open(address, '_blank', 'noopener');
}
