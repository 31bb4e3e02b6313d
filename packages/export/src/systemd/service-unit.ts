import type { Deployment } from '@gunicorn-ts/interface';
import { unwritableValueError } from '../errors.ts';
import { type Unit, unitProgram, unitText, unitWord, unitWords } from '@gunicorn-ts/systemd';
import { type UnitLine, unitSection } from './unit-lines.ts';
import { folders } from './folders.ts';
import { hardening } from './hardening.ts';
import type { UnitOptions } from './unit-options.ts';

/** Seconds beyond what the server allows itself, before systemd steps in. */
const MARGIN_S = 10;
const WATCHDOG_S = 30;
const ABORT_S = 5;
/** Descriptors of a worker besides its connections. */
const OTHER_DESCRIPTORS = 1024;

/** `NAME.service`. */
export function serviceUnit(deployment: Deployment, options: UnitOptions): Unit {
  return {
    sections: [
      unitSection('Unit', unitLines(deployment, options)),
      unitSection('Service', serviceLines(deployment, options)),
      unitSection('Install', [
        ...(options.socket ? [{ key: 'Also', value: `${unitName(deployment, options)}.socket` }] : []),
        { key: 'WantedBy', value: options.forUser ? 'default.target' : 'multi-user.target' },
      ]),
    ],
  };
}

/** Name of the units without their suffix: `app`, or `app@` for a template. */
export function unitName({ name }: Deployment, { template }: UnitOptions): string {
  return template ? `${name}@` : name;
}

function unitLines({ name, target }: Deployment, options: UnitOptions): UnitLine[] {
  const socket = options.template ? `${name}@%i.socket` : `${name}.socket`;
  return [
    {
      key: 'Description',
      value: `${unitText(name)}${options.template ? ' %i' : ''}, served by Gunicorn (${unitText(target)})`,
    },
    { key: 'After', value: `network.target${options.socket ? ` ${socket}` : ''}` },
    ...(options.socket ? [{ key: 'Requires', value: socket }] : []),
    { comment: 'A server that cannot stay up is given up after five starts in a minute.' },
    { key: 'StartLimitIntervalSec', value: '60' },
    { key: 'StartLimitBurst', value: '5' },
  ];
}

function serviceLines(deployment: Deployment, options: UnitOptions): UnitLine[] {
  const { settings, invocation } = deployment;
  const { argv, cwd } = invocation;
  const [program, ...words] = invocation.program;
  const descriptors = 2 ** Math.ceil(Math.log2(2 * settings.workerConnections + OTHER_DESCRIPTORS));
  return [
    { key: 'Type', value: 'notify' },
    {
      comment: invocation.isLauncher
        ? 'It becomes Node.js in the same process, which the sockets of systemd are for (LISTEN_PID).'
        : 'Node.js itself: a wrapper would keep the sockets of systemd from it (LISTEN_PID).',
    },
    {
      key: 'ExecStart',
      value: [unitProgram(program), unitWords([...words, ...argv], { command: true })]
        .filter((part) => part !== '')
        .join(' '),
    },
    {
      comment:
        'It waits for the outcome: systemctl reload fails when the reload is refused, and the old workers serve on.',
    },
    { key: 'ExecReload', value: reloadCommand(deployment) },
    {
      comment:
        'It waits for the end. By itself systemd does not wait for the arbiter that an upgrade by USR2 has left in charge.',
    },
    { key: 'ExecStop', value: `-${verbCommand(deployment, ['stop'])}` },
    { key: 'WorkingDirectory', value: unitText(cwd) },
    ...identity(deployment, options),
    ...environment(deployment, options),
    ...folders(deployment, options),
    {
      key: 'TimeoutStartSec',
      value: settings.bootTimeout === 0 ? 'infinity' : seconds(settings.bootTimeout),
    },
    { comment: stopComment(settings) },
    { key: 'TimeoutStopSec', value: seconds(settings.shutdownDelay + settings.gracefulTimeout) },
    { key: 'WatchdogSec', value: `${WATCHDOG_S}s` },
    { comment: 'An arbiter that stands still does not hear that it is to end.' },
    { key: 'TimeoutAbortSec', value: `${ABORT_S}s` },
    { key: 'KillMode', value: 'mixed' },
    { key: 'Restart', value: 'on-failure' },
    { key: 'RestartSec', value: '1s' },
    { comment: 'A wrong command line, or an application that is not there, does not get better by trying.' },
    { key: 'RestartPreventExitStatus', value: '2 4' },
    { comment: 'A worker that runs out of memory is replaced by the server; the others need not stop.' },
    { key: 'OOMPolicy', value: 'continue' },
    { key: 'LimitNOFILE', value: String(descriptors) },
    ...(options.forUser ? [{ key: 'NoNewPrivileges', value: 'yes' }] : hardening(deployment, options)),
  ];
}

/** Not `Type=notify-reload`: it sends HUP by itself, and takes the end of a refused reload for one that went well. */
function reloadCommand(deployment: Deployment): string {
  const { settings } = deployment;
  if (settings.controlSocketDisable) return '/bin/kill -HUP $MAINPID';
  return verbCommand(deployment, ['reload', '--until', 'accepted']);
}

/** A command for this server. When it has crashed `${MAINPID}` is an empty word, and no other server may be meant. */
function verbCommand({ settings, invocation }: Deployment, verb: readonly string[]): string {
  const [program, ...words] = invocation.program;
  const { controlSocket, controlSocketDisable } = settings;
  const server =
    controlSocket === undefined || controlSocketDisable
      ? '-p ${MAINPID}'
      : `-s ${unitWord(controlSocket, { command: true })}`;
  return `${unitProgram(program)} ${unitWords([...words, ...verb], { command: true })} ${server}`;
}

function identity({ settings }: Deployment, { forUser }: UnitOptions): UnitLine[] {
  if (forUser) return [];
  const { user, group, umask } = settings;
  if (user === undefined) {
    return [
      { comment: 'A user that exists while the service runs. With --user it is one of yours.' },
      { key: 'DynamicUser', value: 'yes' },
    ];
  }
  return [
    { key: 'User', value: unitText(String(user)) },
    ...(group === undefined ? [] : [{ key: 'Group', value: unitText(String(group)) }]),
    ...(umask === 0 ? [] : [{ key: 'UMask', value: umask.toString(8).padStart(4, '0') }]),
  ];
}

function environment({ name, environment: pairs, secrets }: Deployment, options: UnitOptions): UnitLine[] {
  const folder = options.forUser ? '%h/.config' : '/etc';
  const file = options.template ? `${folder}/${name}/%i.env` : `${folder}/${name}.env`;
  const lines: UnitLine[] = pairs.map((pair) => ({ key: 'Environment', value: unitWord(checkedPair(pair)) }));
  const about =
    secrets.length === 0
      ? 'Secrets belong here, in lines NAME=VALUE: everybody can read a unit.'
      : `Secrets belong here, since everybody can read a unit: ${secrets.join(', ')}.`;
  return [...lines, { comment: about }, { key: 'EnvironmentFile', value: `-${file}` }];
}

function seconds(limit: number): string {
  return `${Math.ceil(limit) + MARGIN_S}s`;
}

/** systemd passes over a variable with another name, and says so in the log only. */
function checkedPair(pair: string): string {
  const [name = ''] = pair.split('=', 1);
  if (/^[A-Za-z_]\w*$/.test(name)) return pair;
  throw unwritableValueError(
    'rawEnv',
    name,
    'is no name that a unit can carry: letters, digits and underscores',
  );
}

function stopComment({ shutdownDelay, gracefulTimeout }: Deployment['settings']): string {
  const delay = shutdownDelay === 0 ? '' : `, after ${shutdownDelay} s (shutdownDelay)`;
  return `gracefulTimeout is ${gracefulTimeout} s${delay}.`;
}
