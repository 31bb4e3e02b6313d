import { defineSection, type Definitions } from '../definition.ts';
import { peers } from '../value.ts';

export const securitySettings: Definitions<'forwardedAllowIps'> = defineSection('Security', {
  forwardedAllowIps: {
    describe:
      'Peers whose `X-Forwarded-Proto` is believed: addresses, networks in CIDR form, or `*`. Unix sockets are always believed.',
    default: (env) => peers(env['FORWARDED_ALLOW_IPS'] || '127.0.0.1,::1'),
    defaultText: `the environment's \`FORWARDED_ALLOW_IPS\`, or \`127.0.0.1,::1\``,
    parse: peers,
    flag: { names: ['--forwarded-allow-ips'], kind: 'value', metavar: 'LIST' },
    example: `['10.0.0.0/8', '::1']`,
  },
});
