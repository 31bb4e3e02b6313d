import type { SettingDefinition } from '@gunicorn-ts/interface';
import type { PythonFinding } from './python-names.ts';

/** Settings that Gunicorn has, too, under the names that a file in Python gives them. */
const GUNICORNS: ReadonlySet<string> = new Set(
  `access_log_format accesslog backlog bind ca_certs capture_output cert_reqs casefold_http_method certfile chdir check_config ciphers config
  daemon disable_redirect_access_to_syslog enable_stdio_inheritance errorlog forwarded_allow_ips forwarder_headers graceful_timeout group header_map initgroups keepalive keyfile
  limit_request_field_size limit_request_fields limit_request_line logconfig logconfig_dict logconfig_json loglevel
  max_requests max_requests_jitter permit_obsolete_folding permit_unconventional_http_method
  permit_unconventional_http_version pidfile preload_app print_config proc_name proxy_allow_ips proxy_protocol pythonpath
  raw_env reload reload_engine reload_extra_files reuse_port secure_scheme_headers strip_header_spaces
  syslog syslog_addr syslog_facility syslog_prefix threads timeout
  umask user worker_class worker_connections worker_tmp_dir workers wsgi_app`.split(/\s+/),
);

/**
 * Variables of a file that was written for Gunicorn may have the name of a setting that only we have: `log_format`,
 * `env_file`. One that the file goes on to use is a variable; one that the setting cannot be is so with a warning.
 */
export function tellVariables(
  findings: readonly PythonFinding[],
  source: string,
  definitions: readonly SettingDefinition[],
): readonly PythonFinding[] {
  return findings.flatMap((finding): readonly PythonFinding[] => {
    if (finding.kind !== 'setting' || GUNICORNS.has(finding.name)) return [finding];
    const { name, key, value } = finding;
    if (isUsed(name, source)) return [];
    const why = reasonAgainst(
      value,
      definitions.find((definition) => definition.key === key)!,
    );
    if (why === undefined) return [finding];
    const message = `is taken for a variable of the file: as the setting it ${why}`;
    return [{ kind: 'unsupported', name, problem: { setting: name, message, cure: 'give it another name' } }];
  });
}

function reasonAgainst(value: unknown, definition: SettingDefinition): string | undefined {
  try {
    definition.parse(value);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

/** Whether more is done with the name than to give it a value. What comments and texts say is no use. */
function isUsed(name: string, source: string): boolean {
  const code = source
    .replaceAll(/(^|\s)#.*$/gm, '')
    .replaceAll(new RegExp(String.raw`^[ \t]*${name}[ \t]*:[^=\n]*=`, 'gm'), '');
  return new RegExp(String.raw`(?<!["'.])\b${name}\b(?!\s*=[^=])`).test(code);
}
