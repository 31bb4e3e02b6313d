import type { Problem, Settings } from '@gunicorn-ts/interface';
import { judgeAccessLogFormat } from '@gunicorn-ts/logging';

/** Settings that are odd but not wrong: most are settings that another one leaves without effect. Pure. */
export function findOddities(settings: Readonly<Settings>): Problem[] {
  const { unknownAtoms } = judgeAccessLogFormat(settings.accessLogFormat);
  const oddities: (Problem | false)[] = [
    settings.maxRequestsJitter > 0 &&
      settings.maxRequests === 0 && {
        setting: 'maxRequestsJitter',
        message: 'has no effect while maxRequests is 0',
      },
    settings.reloadExtraFiles.length > 0 &&
      !settings.reload && { setting: 'reloadExtraFiles', message: 'has no effect while reload is false' },
    settings.captureOutput &&
      settings.errorlog === '-' && {
        setting: 'captureOutput',
        message: 'has no effect while errorlog is "-"',
        cure: 'name a file in errorlog',
      },
    settings.daemon &&
      !settings.enableStdioInheritance &&
      settings.errorlog === '-' && {
        setting: 'daemon',
        message: 'closes the terminal, so that a log on stderr is lost',
        cure: 'name a file in errorlog',
      },
    settings.daemon &&
      !settings.enableStdioInheritance &&
      settings.accesslog === '-' && {
        setting: 'daemon',
        message: 'closes the terminal, so that an access log on stdout is lost',
        cure: 'name a file in accesslog',
      },
    settings.initgroups &&
      settings.user === undefined && { setting: 'initgroups', message: 'has no effect without user' },
    settings.workerClass === 'eventlet' && {
      setting: 'workerClass',
      message: 'is eventlet, which Gunicorn no longer has; gevent is used',
      cure: "write workerClass: 'gevent'",
    },
    ...(['caCerts', 'ciphers', 'tlsMinVersion', 'tlsMaxVersion'] as const).map(
      (setting) =>
        settings[setting] !== undefined &&
        settings.certfile === undefined && { setting, message: 'has no effect without certfile' },
    ),
    settings.caCerts !== undefined &&
      settings.certfile !== undefined &&
      settings.certReqs === 0 && { setting: 'caCerts', message: 'has no effect while certReqs is 0' },
    ...http2Oddities(settings),
    unknownAtoms.length > 0 && {
      setting: 'accessLogFormat',
      message: `asks for ${unknownAtoms.map((atom) => `%(${atom})s`).join(', ')}, which nobody knows; "-" is written instead`,
    },
  ];
  return oddities.filter((oddity) => oddity !== false);
}

function http2Oddities({
  httpProtocols,
  http2Cleartext,
  certfile,
}: Readonly<Settings>): readonly (Problem | false)[] {
  return [
    httpProtocols.includes('h2') &&
      certfile === undefined &&
      http2Cleartext === 'off' && {
        setting: 'httpProtocols',
        message: 'names h2, which no client can ask for without TLS',
        cure: "set certfile, or, behind a proxy that speaks it, http2Cleartext: 'prior-knowledge'",
      },
    http2Cleartext !== 'off' &&
      certfile !== undefined && {
        setting: 'http2Cleartext',
        message: 'has no effect with certfile',
      },
    http2Cleartext !== 'off' &&
      !httpProtocols.includes('h2') && {
        setting: 'http2Cleartext',
        message: 'has no effect while httpProtocols does not name h2',
      },
  ];
}
