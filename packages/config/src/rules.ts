import { dirname } from 'node:path';
import type { Problem, Settings } from '@gunicorn-ts/interface';
import { judgeAccessLogFormat } from '@gunicorn-ts/logging';
import { formatBind, parseBind } from './bind.ts';
import { unixSockets, writtenFiles, type Facts } from './facts.ts';

/** `sun_path` holds 108 bytes on Linux and 104 on BSD and macOS, one of them the closing zero. */
const LONGEST_UNIX_PATH = process.platform === 'linux' ? 107 : 103;

/** What to do about a file or folder that this process may not use. */
function permissionCure({ uid }: Facts['identity'], action: 'read' | 'write'): string {
  return `let the user with id ${uid} ${action} it, or name another`;
}

/** One rule over several settings, or over a setting and the machine. Pure. */
type Rule = (settings: Readonly<Settings>, facts: Facts) => readonly (Problem | false | undefined)[];

const appIsGiven: Rule = ({ app }) => [
  app === undefined && {
    message: 'No application module specified',
    cure: 'name it, as in: gunicorn app.ts, gunicorn dist/server.js:app, or gunicorn mysite.wsgi, or set app in gunicorn.conf.ts',
  },
];

const addressesDiffer: Rule = ({ bind }) => {
  const seen = new Set<string>();
  return bind.map((entry) => {
    const target = parseBind(entry);
    const address = formatBind(target);
    const again = seen.has(address) && !(target.kind === 'tcp' && target.port === 0);
    seen.add(address);
    return again && { setting: 'bind', message: `holds ${address} twice`, cure: 'remove one of them' };
  });
};

const unixSocketsFit: Rule = (settings, { paths, identity, heldSockets }) =>
  unixSockets(settings).map((path) => {
    const length = Buffer.byteLength(path);
    if (length > LONGEST_UNIX_PATH) {
      return {
        setting: 'bind',
        message: `has a unix socket path of ${length} bytes, and the system allows ${LONGEST_UNIX_PATH}: ${path}`,
        cure: 'choose a shorter path, such as unix:/run/app.sock',
      };
    }
    if (heldSockets.has(path)) return false;
    const folder = dirname(path);
    const fact = paths.get(folder);
    if (fact?.kind !== 'folder') {
      const message = `names unix:${path}, but the folder ${folder} does not exist`;
      return { setting: 'bind', message, cure: `create ${folder}` };
    }
    return (
      !fact.writable && {
        setting: 'bind',
        message: `names unix:${path}, and ${folder} may not be written to`,
        cure: permissionCure(identity, 'write'),
      }
    );
  });

const reusePortOnLinux: Rule = ({ reusePort }, { platform }) => [
  reusePort &&
    platform !== 'linux' && {
      setting: 'reusePort',
      message: `works on Linux only, not on ${platform}`,
      cure: 'remove it',
    },
];

const heartbeatFolderIsUsable: Rule = ({ workerTmpDir }, { paths, identity }) => {
  if (workerTmpDir === undefined) return [];
  const fact = paths.get(workerTmpDir);
  const setting = 'workerTmpDir';
  if (fact?.kind !== 'folder') {
    const cure = 'create it, or remove the setting: memory is used where the system can';
    return [{ setting, message: `must be a folder that exists, not "${workerTmpDir}"`, cure }];
  }
  return [
    !fact.writable && {
      setting,
      message: `must be a folder that may be written to, not "${workerTmpDir}"`,
      cure: permissionCure(identity, 'write'),
    },
  ];
};

const writtenFilesHaveFolders: Rule = (settings, { paths, identity }) =>
  writtenFiles(settings).map(({ setting, path }) => {
    const folder = dirname(path);
    if (paths.get(folder)?.kind !== 'folder') {
      return {
        setting,
        message: `names "${path}", but the folder ${folder} does not exist`,
        cure: `create ${folder}`,
      };
    }
    const fact = paths.get(path);
    if (fact?.kind === 'folder')
      return { setting, message: `must be a file, and "${path}" is a folder`, cure: 'name a file in it' };
    // The pid file takes the place of what has its name: /dev/null would be gone for the whole machine.
    if (fact?.kind === 'other' && setting === 'pidfile')
      return {
        setting,
        message: `must be a file, and "${path}" is a device, a socket or a pipe`,
        cure: 'name another',
      };
    const writable =
      fact === undefined || fact.kind === 'missing' ? paths.get(folder)?.writable : fact.writable;
    const message = `names "${path}", which may not be written to`;
    return writable === false && { setting, message, cure: permissionCure(identity, 'write') };
  });

const extraFilesExist: Rule = ({ reloadExtraFiles }, { paths }) =>
  reloadExtraFiles.map(
    (path) =>
      !/[*?[]/.test(path) &&
      paths.get(path)?.kind === 'missing' && {
        setting: 'reloadExtraFiles',
        message: `names "${path}", which does not exist`,
        cure: 'correct the path, or write a pattern',
      },
  );

const accessLogFormatIsReadable: Rule = ({ accessLogFormat }) => [
  judgeAccessLogFormat(accessLogFormat).problem,
];

const tlsFilesComeInPairs: Rule = ({ certfile, keyfile, caCerts, certReqs }) => {
  if (certfile !== undefined) {
    return [
      // Without an authority Node would check clients against the public ones, and let in whoever bought a certificate.
      certReqs > 0 &&
        caCerts === undefined && {
          setting: 'certReqs',
          message: `is ${certReqs}, and there is no caCerts to check client certificates against`,
          cure: 'set caCerts',
        },
    ];
  }
  // Clients would be let in unchecked, or not served at all; caCerts alone does no harm.
  const given = { keyfile, certReqs: certReqs === 0 ? undefined : certReqs };
  return Object.entries(given).map(
    ([setting, value]) =>
      value !== undefined && {
        setting,
        message: 'has no effect without certfile',
        cure: 'set certfile, or remove it',
      },
  );
};

const tlsFilesAreReadable: Rule = ({ certfile, keyfile, caCerts }, { paths, identity, tlsMistake }) => {
  const problems: Problem[] = [];
  for (const [setting, path] of Object.entries({ certfile, keyfile, caCerts })) {
    // One file for both is judged once.
    if (path === undefined || (setting === 'keyfile' && path === certfile)) continue;
    const fact = paths.get(path);
    if (fact === undefined || fact.kind === 'missing') {
      problems.push({ setting, message: `names "${path}", which does not exist`, cure: 'correct the path' });
    } else if (fact.kind === 'folder') {
      const cure = 'name the file in it';
      problems.push({ setting, message: `must be a PEM file, and "${path}" is a folder`, cure });
    } else if (!fact.readable) {
      const cure = permissionCure(identity, 'read');
      problems.push({ setting, message: `names "${path}", which may not be read`, cure });
    } else if (tlsMistake?.setting === setting) {
      problems.push({ ...tlsMistake, message: `("${path}") ${tlsMistake.message}` });
    }
  }
  if (tlsMistake?.setting === 'ciphers') problems.push(tlsMistake);
  return problems;
};

const TLS_VERSIONS: readonly (string | undefined)[] = ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'];

const someTlsVersionIsLeft: Rule = ({ tlsMinVersion = 'TLSv1.2', tlsMaxVersion = 'TLSv1.3' }) => [
  TLS_VERSIONS.indexOf(tlsMinVersion) > TLS_VERSIONS.indexOf(tlsMaxVersion) && {
    setting: 'tlsMaxVersion',
    message: `is ${tlsMaxVersion}, older than the oldest that is spoken, ${tlsMinVersion}`,
    cure: `set tlsMinVersion to ${tlsMaxVersion} as well, or leave tlsMaxVersion out`,
  },
];

const accountsExist: Rule = ({ user, group, initgroups }, { identity }) => [
  typeof user === 'string' &&
    identity.user === undefined && {
      setting: 'user',
      message: `"${user}" does not exist`,
      cure: 'create the account, or write ids as user and group, which need none',
    },
  typeof user === 'number' &&
    identity.user === undefined &&
    group === undefined && {
      setting: 'user',
      message: `${user} has no account, so its group is not known`,
      cure: 'set group too',
    },
  typeof user === 'number' &&
    identity.user === undefined &&
    initgroups && {
      setting: 'initgroups',
      message: `needs an account, and user ${user} has none`,
      cure: 'create the account, or remove initgroups',
    },
  typeof group === 'string' &&
    identity.group === undefined && {
      setting: 'group',
      message: `"${group}" does not exist`,
      cure: 'create the group, or write its id',
    },
];

const onlyRootChangesIdentity: Rule = ({ user, group, initgroups }, { identity }) => {
  if (identity.uid === 0) return [];
  const uid = identity.user?.uid ?? (typeof user === 'number' ? user : identity.uid);
  const gid = group === undefined ? identity.gid : (identity.group ?? identity.gid);
  const cure = 'start the server as root, or remove it';
  return [
    uid !== identity.uid && { setting: 'user', message: 'can be changed by root only', cure },
    gid !== identity.gid && { setting: 'group', message: 'can be changed by root only', cure },
    initgroups && user !== undefined && { setting: 'initgroups', message: 'can be used by root only', cure },
  ];
};

const RULES: readonly Rule[] = [
  appIsGiven,
  addressesDiffer,
  unixSocketsFit,
  reusePortOnLinux,
  heartbeatFolderIsUsable,
  writtenFilesHaveFolders,
  extraFilesExist,
  accessLogFormatIsReadable,
  tlsFilesComeInPairs,
  tlsFilesAreReadable,
  someTlsVersionIsLeft,
  accountsExist,
  onlyRootChangesIdentity,
];

/** Everything that is wrong with settings that are each well-formed. */
export function findProblems(settings: Readonly<Settings>, facts: Facts): Problem[] {
  return RULES.flatMap((rule) => rule(settings, facts)).filter(
    (problem) => problem !== false && problem !== undefined,
  );
}
