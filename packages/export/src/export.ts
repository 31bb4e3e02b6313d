import type { Deployment, Export } from '@gunicorn-ts/interface';
import { writeUnit } from '@gunicorn-ts/systemd';
import type { ExportArguments } from './arguments.ts';
import { cannotRunError } from './errors.ts';
import { apacheSite } from './proxy/apache.ts';
import { logRotation } from './logrotate.ts';
import { nginxSite, unknownHosts } from './proxy/nginx.ts';
import { disagreements } from './proxy/upstream.ts';
import { supervisorProgram } from './supervisor.ts';
import { canBeActivated } from './systemd/activation.ts';
import { serviceUnit, unitName } from './systemd/service-unit.ts';
import { socketUnit } from './systemd/socket-unit.ts';
import type { UnitOptions } from './systemd/unit-options.ts';

/**
 * Makes the files that were asked for.
 * @throws {OperatorError} `ERR_EXPORT_VALUE` when a setting has a value that the file cannot carry
 */
export function exportFiles(deployment: Deployment, asked: ExportArguments): Export {
  switch (asked.kind) {
    case 'systemd':
      return exportUnits(deployment, asked);
    case 'nginx':
      return {
        files: [
          { name: `${deployment.name}.conf`, text: nginxSite(deployment, asked) },
          ...unknownHosts(asked),
        ],
        warnings: disagreements(deployment),
      };
    case 'apache':
      return {
        files: [{ name: `${deployment.name}.conf`, text: apacheSite(deployment, asked) }],
        warnings: disagreements(deployment),
      };
    case 'logrotate':
      return { files: [{ name: deployment.name, text: logRotation(deployment) }], warnings: [] };
    case 'supervisor':
      refuseDaemon(deployment, 'supervisord');
      return {
        files: [{ name: `${deployment.name}.conf`, text: supervisorProgram(deployment) }],
        warnings: deployment.secrets.map(
          (name) => `${name} looks like a secret and is left out; set it in the environment of supervisord`,
        ),
      };
  }
}

/** A server that goes to the background is lost to whoever started it. */
function refuseDaemon({ settings }: Deployment, who: string): void {
  if (settings.daemon) throw cannotRunError('daemon', `${who} watches the process that it starts`);
}

function exportUnits(deployment: Deployment, asked: ExportArguments): Export {
  refuseDaemon(deployment, 'systemd');
  if (deployment.settings.initgroups && !asked.userUnit)
    throw cannotRunError('initgroups', 'the service starts as its user, with the groups of that user');
  const options: UnitOptions = {
    forUser: asked.userUnit,
    template: asked.template,
    socket: asked.socket && canBeActivated(deployment),
  };
  const name = unitName(deployment, options);
  const service = { name: `${name}.service`, text: writeUnit(serviceUnit(deployment, options)) };
  const socket = { name: `${name}.socket`, text: writeUnit(socketUnit(deployment, options)) };
  const warnings = [
    ...(deployment.settings.reload ? ['reload is on, which is for development; turn it off'] : []),
    ...deployment.secrets.map(
      (secret) =>
        `${secret} looks like a secret, and a unit can be read by everybody: put it into the EnvironmentFile`,
    ),
  ];
  return { files: options.socket ? [service, socket] : [service], warnings };
}
