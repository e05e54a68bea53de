import dns from 'node:dns';
import type { LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';

/** What addresses a request may connect to. */
export type Reach = 'public' | 'private-too';

/**
 * True when a connection to this address may be made.
 *
 * `public` accepts only globally routed unicast addresses; mapped, translated and tunnelled forms (::ffff:…, 64:ff9b::,
 * 2002::, ::a.b.c.d) are refused or judged by the IPv4 address inside. `private-too` adds this machine and private
 * networks, but never link-local addresses: cloud providers serve machine credentials there. `inner` are private
 * addresses and ranges that the operator opens to everybody (OUTBOUND_PRIVATE).
 */
export function mayConnect(address: string, reach: Reach, inner: readonly string[] = []): boolean {
  // A zone index (fe80::1%eth0) exists only on link-local addresses.
  if (!ipaddr.isValid(address) || address.includes('%')) return false;
  const parsed = ipaddr.process(address);
  const range = parsed.range();
  if (parsed instanceof ipaddr.IPv6 && isIpv4Compatible(parsed)) return false;
  if (range === 'unicast') return true;
  if (reach === 'public' && !inner.some((each) => within(parsed, each))) return false;
  return range === 'private' || range === 'loopback' || (range === 'uniqueLocal' && address !== awsMetadata);
}

/** @param each an address or a CIDR range */
function within(address: ipaddr.IPv4 | ipaddr.IPv6, each: string): boolean {
  const [range, bits] = each.includes('/') ? ipaddr.parseCIDR(each) : [ipaddr.process(each), undefined];
  if (range.kind() !== address.kind()) return false;
  return address.match(range as never, bits ?? (range.kind() === 'ipv4' ? 32 : 128));
}

// The IPv6 address of EC2's metadata service lies among the private addresses.
const awsMetadata = 'fd00:ec2::254';

/** ::/96, the deprecated way to write an IPv4 address as IPv6 (RFC 4291 §2.5.5.1); some systems still route it. */
function isIpv4Compatible(address: ipaddr.IPv6): boolean {
  return (
    !address.isIPv4MappedAddress() &&
    address.range() !== 'loopback' &&
    address.parts.slice(0, 6).every((part) => part === 0)
  );
}

/** The address was refused; carries no address, so that a caller cannot map the inner network by trying. */
export class BlockedAddressError extends Error {
  readonly code = 'EBLOCKED';
  constructor(readonly host: string) {
    super(`${host} is not a public address`);
    this.name = 'BlockedAddressError';
  }
}

/**
 * A DNS lookup for `net.connect` that yields only addresses that may be connected to. Checking here, not before,
 * leaves no moment in which the name could change its answer (DNS rebinding).
 */
export function guardedLookup(
  reach: Reach,
  { lookup = dns.lookup, inner = [] }: { lookup?: typeof dns.lookup; inner?: readonly string[] } = {},
): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) {
        callback(error, '', 0);
        return;
      }
      const list = Array.isArray(addresses) ? addresses : [addresses];
      // One inner address among public ones is an attempt, not an accident: nothing is connected.
      const first = list[0];
      if (!first || list.some(({ address }) => !mayConnect(address, reach, inner))) {
        callback(new BlockedAddressError(hostname) as NodeJS.ErrnoException, '', 0);
        return;
      }
      if (options.all) callback(null, list);
      else callback(null, first.address, first.family);
    });
  };
}
