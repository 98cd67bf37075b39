/** `cidrsubnet` for IPv4: the network with this number among those that are so many bits smaller. */
export function subnetOf(prefix: string, bits: number | undefined, number: number | undefined): string | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(prefix);
  if (match === null || bits === undefined || number === undefined) return undefined;
  const octets = match.slice(1, 5).map(Number);
  const length = Number(match[5]) + bits;
  if (octets.some((octet) => octet > 255) || length > 32 || bits < 0 || number < 0 || number >= 2 ** bits) return undefined;
  const address = octets.reduce((sum, octet) => sum * 256 + octet, 0);
  const outer = 2 ** (32 - Number(match[5]));
  const start = Math.floor(address / outer) * outer + number * 2 ** (32 - length);
  return `${[24, 16, 8, 0].map((shift) => Math.floor(start / 2 ** shift) % 256).join('.')}/${length}`;
}
