import {
  at,
  type ClusterObject,
  listAt,
  type ManifestFinding,
  nameOf,
  numberAt,
  selects,
  textsAt,
} from './finding.ts';

/** Whether objects mean each other: selectors, ports by name, what is scaled. */
export function lintReferences(objects: readonly ClusterObject[]): readonly ManifestFinding[] {
  const deployments = objects.filter(({ kind }) => kind === 'Deployment');
  return objects.flatMap((object) => {
    const say = (what: string, cure: string): ManifestFinding => ({ where: nameOf(object), what, cure });
    switch (object['kind']) {
      case 'Deployment':
        return rolloutFindings(object, objects, say);
      case 'Service':
        return selecting(object, ['spec', 'selector'], servicePorts(object), deployments);
      case 'PodDisruptionBudget':
        return [
          ...selecting(object, ['spec', 'selector', 'matchLabels'], [], deployments),
          ...budgetFindings(object, deployments, say),
        ];
      case 'NetworkPolicy':
        return selecting(object, ['spec', 'podSelector', 'matchLabels'], policyPorts(object), deployments);
      case 'PodMonitor':
        return selecting(object, ['spec', 'selector', 'matchLabels'], monitorPorts(object), deployments);
      case 'HorizontalPodAutoscaler':
      case 'ScaledObject':
        return scalerFindings(object, deployments, say);
      default:
        return [];
    }
  });
}

type Say = (what: string, cure: string) => ManifestFinding;

function podLabels(deployment: ClusterObject): Readonly<Record<string, string>> {
  return textsAt(deployment, 'spec', 'template', 'metadata', 'labels');
}

function rolloutFindings(
  deployment: ClusterObject,
  all: readonly ClusterObject[],
  say: Say,
): ManifestFinding[] {
  const selector = textsAt(deployment, 'spec', 'selector', 'matchLabels');
  const unavailable = at(deployment, 'spec', 'strategy', 'rollingUpdate', 'maxUnavailable');
  const scalers = all.filter((one) => scaledName(one) === at(deployment, 'metadata', 'name'));
  return [
    ...(Object.keys(selector).length > 0 && selects(selector, podLabels(deployment))
      ? []
      : [say('its selector does not take its own pods', 'give both the same labels')]),
    ...(unavailable === 0
      ? []
      : [
          say(
            'a rolling update may take copies away before there are new ones',
            'write maxUnavailable: 0 and maxSurge: 1',
          ),
        ]),
    ...(scalers.length > 0 && at(deployment, 'spec', 'replicas') !== undefined
      ? [
          say(
            `has replicas, and ${nameOf(scalers[0]!)} as well: each apply takes back what that did`,
            'remove replicas',
          ),
        ]
      : []),
    ...(scalers.length > 1
      ? [say(`is scaled by ${scalers.map(nameOf).join(' and ')}`, 'remove all but one')]
      : []),
  ];
}

function scaledName(object: ClusterObject): unknown {
  const isScaler = object['kind'] === 'HorizontalPodAutoscaler' || object['kind'] === 'ScaledObject';
  return isScaler ? at(object, 'spec', 'scaleTargetRef', 'name') : undefined;
}

/** A selector that takes no pods of these Deployments, and ports that those do not name. */
function selecting(
  object: ClusterObject,
  path: readonly string[],
  ports: readonly unknown[],
  deployments: readonly ClusterObject[],
): ManifestFinding[] {
  const where = nameOf(object);
  const selector = textsAt(object, ...path);
  const found = deployments.filter((one) => selects(selector, podLabels(one)));
  if (Object.keys(selector).length === 0 || found.length === 0) {
    return [{ where, what: 'selects no pods of a Deployment here', cure: 'give it the labels of the pods' }];
  }
  return found.flatMap((deployment) => {
    const known = listAt(deployment, 'spec', 'template', 'spec', 'containers').flatMap((container) =>
      listAt(container, 'ports').flatMap((port) => [at(port, 'name'), at(port, 'containerPort')]),
    );
    return ports
      .filter((port) => !known.includes(port))
      .map((port) => ({
        where,
        what: `names port ${String(port)}, which the pods of ${nameOf(deployment)} do not have`,
        cure: `write one of ${known.filter((one) => typeof one === 'string').join(', ')}`,
      }));
  });
}

function servicePorts(object: ClusterObject): unknown[] {
  return listAt(object, 'spec', 'ports').map((port) => at(port, 'targetPort') ?? at(port, 'port'));
}

function policyPorts(object: ClusterObject): unknown[] {
  return listAt(object, 'spec', 'ingress').flatMap((rule) =>
    listAt(rule, 'ports').map((port) => at(port, 'port')),
  );
}

function monitorPorts(object: ClusterObject): unknown[] {
  return listAt(object, 'spec', 'podMetricsEndpoints').map((endpoint) => at(endpoint, 'port'));
}

function budgetFindings(
  budget: ClusterObject,
  deployments: readonly ClusterObject[],
  say: Say,
): ManifestFinding[] {
  const least = numberAt(budget, 'spec', 'minAvailable');
  const most = at(budget, 'spec', 'maxUnavailable');
  const selector = textsAt(budget, 'spec', 'selector', 'matchLabels');
  const replicas = deployments
    .filter((one) => selects(selector, podLabels(one)))
    .map((one) => numberAt(one, 'spec', 'replicas'));
  const isTight = least !== undefined && replicas.some((count) => count !== undefined && least >= count);
  return isTight || most === 0 || most === '0%'
    ? [say('allows no copy to go, so that no node can be emptied', 'write maxUnavailable: 1')]
    : [];
}

function scalerFindings(
  scaler: ClusterObject,
  deployments: readonly ClusterObject[],
  say: Say,
): ManifestFinding[] {
  const target = deployments.find((one) => at(one, 'metadata', 'name') === scaledName(scaler));
  if (target === undefined) {
    return [
      say(`scales ${String(scaledName(scaler))}, which is no Deployment here`, 'name one in scaleTargetRef'),
    ];
  }
  const behavior =
    at(scaler, 'spec', 'behavior') ??
    at(scaler, 'spec', 'advanced', 'horizontalPodAutoscalerConfig', 'behavior');
  const down = numberAt(behavior, 'scaleDown', 'stabilizationWindowSeconds') ?? 300;
  const grace = numberAt(target, 'spec', 'template', 'spec', 'terminationGracePeriodSeconds') ?? 30;
  const least = numberAt(scaler, 'spec', 'minReplicas') ?? numberAt(scaler, 'spec', 'minReplicaCount') ?? 0;
  return [
    ...(down < grace
      ? [
          say(
            `scales down after ${down} s, while copies that leave serve on for ${grace} s`,
            `write ${grace}`,
          ),
        ]
      : []),
    ...(least < 1
      ? [say('scales to no copy at all, and requests do not wait for one', 'write at least 1')]
      : []),
  ];
}
