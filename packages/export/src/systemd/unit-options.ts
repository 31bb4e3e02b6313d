/** What the units are written for. */
export interface UnitOptions {
  /** For `systemctl --user`: no other user, and nothing that only the system's manager may do. */
  readonly forUser: boolean;
  /** `NAME@.service`: one unit for several instances, `%i` tells them apart. */
  readonly template: boolean;
  /** Whether systemd holds the listening sockets, so that they survive a restart. */
  readonly socket: boolean;
}
