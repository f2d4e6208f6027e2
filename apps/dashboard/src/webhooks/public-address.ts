import { lookup } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';

/** Whether an address is one of the open internet: not this machine, a private network, a cloud's metadata, multicast … */
export function isPublicAddress(address: string): boolean {
  // An IPv4 address in IPv6's clothes is judged as what it is.
  return ipaddr.isValid(address) && ipaddr.process(address).range() === 'unicast';
}

/**
 * Looks a host up and refuses it unless all of its addresses are public: who controls a name must not lead us into our
 * own network, and a name that has both kinds of address is up to something. The connection goes to the address that
 * was judged, so that the name can't change in between.
 */
export const lookupPublic: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, { ...options, all: true }, (error, addresses) => {
    if (error) return callback(error, '');
    const refused = addresses.find(({ address }) => !isPublicAddress(address));
    if (refused) return callback(refusal(hostname, refused.address), '');
    if (options.all) return callback(null, addresses);
    const [{ address, family }] = addresses;
    callback(null, address, family);
  });
};

/** Why a host that is written as an address is refused; null if it is a name, or public. */
export function refusalOfLiteral(hostname: string): Error | null {
  const literal = hostname.replace(/^\[|\]$/g, '');
  return isIP(literal) !== 0 && !isPublicAddress(literal) ? refusal(hostname, literal) : null;
}

const refusal = (hostname: string, address: string): Error =>
  new Error(
    `${hostname} is at ${address}, which is not on the open internet: name it in WEBHOOK_PRIVATE_HOSTS if that is meant`,
  );
